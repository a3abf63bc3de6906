import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../../test/support/cli.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";

test.each([
  ["without --keep", [], "nothing of it was kept"],
  ["with --keep", ["--keep", "kept"], "it goes on where it stopped"],
])("a demo that is cancelled says what is left of it: %s", async (_, [keep, name = ""], left) => {
  const cwd = temporaryFolder();
  const words = keep === undefined ? [] : [keep, join(cwd, name)];
  const { code, err } = await runCli(["demo", ...words], { cwd, signal: AbortSignal.abort() });
  expect([code, err]).toEqual([
    130,
    expect.stringContaining(`CANCELLED: the demo was cancelled · run it again; ${left}`),
  ]);
});
