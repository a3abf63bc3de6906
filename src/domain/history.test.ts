import { expect, test } from "vitest";
import { pendingRow, processedRow } from "../../test/contract/state-manager-samples.ts";
import { mostSteps, type Step, stepsOf } from "./history.ts";
import { applyEvent, type LedgerEvent, newRow } from "./ledger.ts";
import type { LedgerRow } from "./ledger-row.ts";

const error = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "look" } as const;
const named = ({ name, detail }: Step) => (detail === null ? name : `${name}: ${detail}`);
const told = (row: LedgerRow) => stepsOf(row).steps.map(named);

/** The row after these events, one a second. */
function after(row: LedgerRow, ...events: LedgerEvent[]): LedgerRow {
  return events.reduce((last, event, index) => applyEvent(last, event, 10_000 + index * 1000), row);
}

test("a memory's way to LightRAG is told step by step, with the time of each", () => {
  const { steps, isWhole } = stepsOf(processedRow({ memoryId: "a" }));
  expect(steps).toEqual([
    { at: 2000, name: "seen", detail: null },
    { at: 4000, name: "processed", detail: null },
  ]);
  expect(isWhole).toBe(true);
});

test("failures are told with their codes, and what a person did", () => {
  const row = after(
    pendingRow({ memoryId: "a" }),
    { type: "submit", documentId: "doc-1", contentHash: "cd" },
    { type: "fail", error, nextAttemptAt: 20_000 },
    { type: "retry" },
    { type: "gone" },
    { type: "submit", documentId: "doc-1", contentHash: "cd" },
    { type: "die", error },
    { type: "drop" },
  );
  expect(told(row)).toEqual([
    "seen",
    "failed: SINK_DOCUMENT_FAILED",
    "removed",
    "dead: SINK_DOCUMENT_FAILED",
    "dropped",
  ]);
});

test("what is sent again without a change does not count as changed", () => {
  const processed = processedRow({ memoryId: "a" });
  const { payload: memory } = pendingRow({ memoryId: "a" });
  if (memory === null) throw new Error("the sample has a memory");
  const { sourceHash, groupKey, fileSource } = processed;
  const listed = (contentHash: string): LedgerEvent => ({
    type: "upsert",
    content: { memory, contentHash, sourceHash, groupKey, fileSource },
  });
  expect(told(after(processed, listed(processed.contentHash ?? ""), listed("other")))).toEqual([
    "seen",
    "processed",
    "listed_again",
    "changed",
  ]);
});

test("an erasure takes the history before it away", () => {
  const row = after(processedRow({ memoryId: "a" }), { type: "erase" }, { type: "gone" });
  expect(told(row)).toEqual(["erased", "removed"]);
});

test("a memory that fails for ever keeps its first step and the newest, and says that some are missing", () => {
  const fail: LedgerEvent[] = [{ type: "fail", error, nextAttemptAt: 1 }, { type: "retry" }];
  const row = after(pendingRow({ memoryId: "a" }), ...Array.from({ length: 500 }, () => fail).flat());
  const { steps, isWhole } = stepsOf(row);
  expect(steps).toHaveLength(mostSteps - 1);
  expect([steps[0]?.name, steps.at(-1)?.at]).toEqual(["seen", 10_000 + 998 * 1000]);
  expect([isWhole, row.history.length < 1000]).toEqual([false, true]);
});

test("the history of a memory of an earlier version begins in its middle, and says so", () => {
  const old = { ...processedRow({ memoryId: "a" }), history: "", version: 3 };
  expect(stepsOf(old)).toEqual({ steps: [], isWhole: false });
  const row = after(old, { type: "vanish" });
  expect([told(row), stepsOf(row).isWhole]).toEqual([["withdrawn"], false]);
});

test("a clock that was set back, and steps of a later version, do no harm", () => {
  const row = applyEvent(
    newRow({ connectorId: "c", contextId: "x", memoryId: "a" }, "a.md", 5000),
    {
      type: "malformed",
      contentHash: "00",
      error,
    },
    1000,
  );
  expect(stepsOf({ ...row, history: `${row.history} Z9 !? p` }).steps).toEqual([
    { at: 1000, name: "malformed", detail: "SINK_DOCUMENT_FAILED" },
  ]);
});
