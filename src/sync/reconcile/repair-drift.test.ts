import { expect, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { DriftTally } from "./check.ts";
import type { DriftFindings } from "./check-drift.ts";
import { type RepairParts, repairDrift } from "./repair-drift.ts";

const vanished: LedgerRow = {
  ...newRow({ connectorId: "c", contextId: "x", memoryId: "m" }, "m@x.md", 0),
  status: "discovered",
  version: 1,
};

/** A repair of findings in which one row is gone from the source and from LightRAG. */
async function repair(memories: number, acceptDeletions = false) {
  const saved: LedgerRow[] = [];
  const stop = new Error("the run is not looked at");
  const parts = {
    clock: { now: () => 5 },
    state: { saveRows: async (rows: LedgerRow[]) => saved.push(...rows) },
    orchestrator: {
      runLocked: async () => {
        throw stop;
      },
    },
  } as unknown as RepairParts;
  const found: DriftFindings = {
    drift: new DriftTally().toDrift(),
    documents: 0,
    delivered: 0,
    memories,
    truncated: null,
    invalid: [],
    orphans: [],
    vanished: [vanished],
    forgotten: new Set(),
    outside: 0,
  };
  const options = { runId: "r", trigger: "cli", acceptDeletions } as const;
  await expect(repairDrift(parts, found, options, new AbortController().signal)).rejects.toBe(stop);
  return saved.map(({ status }) => status);
}

test("a source that shows nothing at all is not believed that something is gone", async () => {
  expect(await repair(0)).toEqual([]);
});

test("one that shows a memory is, and so is a person", async () => {
  expect(await repair(1)).toEqual(["deleted"]);
  expect(await repair(0, true)).toEqual(["deleted"]);
});
