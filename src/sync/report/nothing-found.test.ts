import { expect, test } from "vitest";
import { runContext } from "../../../test/support/run-context.ts";
import { quickHarness } from "../../../test/support/sync-harness.ts";
import { warnOfNothingFound } from "./nothing-found.ts";

/** The warnings of a run that brought documents; of each, how many entities its record tells, where it tells any. */
async function warned(
  processed: number,
  told: readonly number[],
  holdsEntities?: boolean | null,
  info: { hasBuiltinExtractor?: true } = {},
) {
  const sync = await quickHarness();
  if (holdsEntities !== undefined) Object.assign(sync.sink, { holdsEntities: async () => holdsEntities });
  const run = await runContext(sync);
  run.report.counts.processed = processed;
  for (const entities of told) run.report.noteFound(entities);
  await warnOfNothingFound({ ...run, info }, run.signal);
  return run.report
    .toRecord("success", null)
    .errors.map(({ code, message, hint }) => ({ code, message, hint }));
}

const warning = {
  hint: expect.stringContaining("the chat model does not follow LightRAG's format"),
  code: "RUN_FOUND_NOTHING",
  message: "2 documents were delivered, and LightRAG's model found no entity in any of them",
};

test.each([
  ["records tell of no entity in any document", 2, [0, 0], true, [warning]],
  ["records tell of one", 2, [0, 1], false, []],
  ["the server holds none", 2, [], false, [warning]],
  ["the server holds some", 2, [], true, []],
  ["the server does not say", 2, [], null, []],
  ["the server cannot be asked", 2, [], undefined, []],
  ["nothing was delivered", 0, [], false, []],
])("when %s", async (_, processed, told, holds, warnings) => {
  expect(await warned(processed, told, holds)).toEqual(warnings);
});

test("one document is told as one, and where no chat model was asked, none is blamed", async () => {
  const message = (finder: string) => `1 document was delivered, and ${finder} found no entity in it`;
  expect(await warned(1, [0])).toMatchObject([{ message: message("LightRAG's model") }]);
  const [told] = await warned(1, [0], null, { hasBuiltinExtractor: true });
  expect(told?.message).toBe(message("the built-in model"));
  expect(told?.hint).not.toContain("does not follow");
});
