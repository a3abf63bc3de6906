import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temp-folder.ts";

const setUp = join(import.meta.dirname, "../support/own-temporary-folder.ts");

/** What a run does: its set-up, a worker that makes a folder of its own and waits. */
const run = `
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import setUp from ${JSON.stringify(setUp)};
setUp();
setUp();
mkdtempSync(join(tmpdir(), "a-test-"));
console.log(tmpdir());
setInterval(() => undefined, 1000);
`;

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends a run of the tests, and its temporary files are gone",
  async (signal) => {
    const TMPDIR = temporaryFolder();
    const { TESTS_TMPDIR: _, ...env } = process.env;
    const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "--eval", run], {
      env: { ...env, TMPDIR },
    });
    const [folder] = (await once(createInterface(child.stdout), "line")) as [string];
    expect(folder.startsWith(join(TMPDIR, "mc-tests-"))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
    child.kill(signal);
    expect((await once(child, "exit"))[1]).toBe(signal);
    expect(existsSync(folder)).toBe(false);
  },
);

test("the tests of this run have a place of their own", () => {
  expect(process.env.TMPDIR).toMatch(/mc-tests-\w+$/u);
});
