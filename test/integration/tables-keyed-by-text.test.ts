import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../../src", import.meta.url));

/**
 * In a plain object `constructor` and `__proto__` are there already, and whoever looks a foreign word up in it finds them. Tables
 * whose keys are a closed type (`Record<Status, …>`) are safe: the compiler checks who asks.
 */
const openTable =
  /^\s*(?:export )?(?:const|let|readonly|private readonly) #?\w+(?:: (?:Readonly<)?Record<string,[^=]*)? = (?:\{\} as|\{\};)|^(?:export )?const \w+: (?:Readonly<)?Record<string,[^=]*= \{/mu;

test("no table of the program that is asked by free text is a plain object", () => {
  const files = globSync("**/*.ts", { cwd: source }).filter((file) => !file.endsWith(".test.ts"));
  expect(files.length).toBeGreaterThan(300);
  const offenders = files.filter((file) => openTable.test(readFileSync(join(source, file), "utf8")));
  expect(offenders).toEqual([]);
});
