import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  // What a model is asked is no message to a person.
  .filter((path) => !path.endsWith("prompts.ts"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** What is counted anywhere. */
function countedThings(): Set<string> {
  const things = new Set<string>();
  for (const { text } of sources)
    for (const [, one = "", many] of text.matchAll(/\bplural\([^"`]*"([\w ]+)"(?:,\s*"([\w ]+)")?/gu))
      things.add((many ?? `${one}s`).split(" ").at(-1) ?? "");
  return things;
}

/** A limit is never one; and `count === 1 ? … : …` has said what it is. */
const isNeverOne = /(?:than|most|least|1 to|instead of) $|=== 1 \?.*$/iu;

test('no message can say "1 memories": a number before something counted goes through plural()', () => {
  const things = countedThings();
  expect(things.size).toBeGreaterThan(20);
  const found = sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) =>
      [...line.matchAll(/\$\{[^{}]*\} (\w+s)\b/gu)]
        .filter(
          (match) => things.has(match[1] ?? "") && match[1] !== "answers" && !match[0].includes("plural("),
        )
        .filter((match) => !isNeverOne.test(line.slice(0, match.index)))
        .filter(
          (match) => !/^,? (?:and )?(?:more than|at most) /u.test(line.slice(match.index + match[0].length)),
        )
        .map((match) => `${path}:${at + 1} ${match[0]}`),
    ),
  );
  expect(found).toEqual([]);
});
