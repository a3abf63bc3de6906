import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../../test/support/cli.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";

test.each([
  ["export", "-"],
  ["backup", "-"],
  ["restore", "-", "--check"],
  ["state", "migrate", "--to", "json", "--from", "-"],
  ["state", "migrate", "--to", "json", "--path", "-"],
])("%s %s … is one clear mistake, and no file called - appears", async (...typed) => {
  const cwd = temporaryFolder();
  const { code, out, err } = await runCli(typed, { cwd });
  expect({ code, out, lines: err.match(/USAGE/gu)?.length }).toEqual({ code: 2, out: "", lines: 1 });
  expect(err).toContain("not a pipe");
  expect(existsSync(join(cwd, "-"))).toBe(false);
});
