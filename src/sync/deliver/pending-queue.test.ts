import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { AdmissionControl } from "../guards/admission.ts";
import { isToBeAlone, openQueue } from "./pending-queue.ts";

const unlimited = { documents: null, characters: null, tokens: null };
const shared = { code: "SINK_SHARED_FAILURE", message: "together", hint: "" } as const;

/** Four pending rows, m0 the oldest, of which m1 is to be alone. */
async function queueOf(documents: number | null) {
  const sync = await quickHarness({ budget: { ...unlimited, documents } });
  const run = await runContext(sync);
  const memories = [0, 1, 2, 3].map((at) =>
    memoryOf(`m${at}`, { createdAt: `2025-01-0${1 + at}T00:00:00Z` }),
  );
  await pendingRows(sync, memories);
  await sync.state.saveRows([{ ...(await sync.row("m1")), error: shared }]);
  const admission = new AdmissionControl(run);
  await admission.extend();
  return openQueue(run, admission);
}

async function idsOf(rows: AsyncIterable<LedgerRow> | Iterable<LedgerRow>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { memoryId } of rows) ids.push(memoryId);
  return ids;
}

test("without a limit the oldest come first, and the other end is the newest", async () => {
  const queue = await queueOf(null);
  expect((await queue.last(2)).map(({ memoryId }) => memoryId)).toEqual(["m3", "m2"]);
  expect(await idsOf(queue.together())).toEqual(["m0", "m2", "m3"]);
  expect(await idsOf(queue.alone())).toEqual(["m1"]);
});

test("with a limit the newest come first, those at the other end are the oldest, and each is given out once", async () => {
  const queue = await queueOf(10);
  expect((await queue.last(1)).map(({ memoryId }) => memoryId)).toEqual(["m0"]);
  expect(await idsOf(queue.together())).toEqual(["m3", "m2"]);
  expect(await idsOf(queue.together())).toEqual([]);
  expect(await queue.last(1)).toEqual([]);
  expect(await idsOf(queue.alone())).toEqual(["m1"]);
  expect(await idsOf(queue.alone())).toEqual([]);
});

test.each<[ErrorCode | null, string, boolean]>([
  [null, "", false],
  ["SINK_SHARED_FAILURE", "whatever", true],
  ["SINK_DOCUMENT_FAILED", "index flush failed", true],
  ["SINK_DOCUMENT_FAILED", "no", false],
  ["SINK_REJECTED", "index flush failed", false],
])("after %s (%j) a document is to be alone: %s", (code, message, isAlone) => {
  expect(isToBeAlone({ error: code === null ? null : { code, message, hint: "" } })).toBe(isAlone);
});
