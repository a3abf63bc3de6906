import { openSnapshot, openState, type StatePlace } from "../../src/state/open-state.ts";
import type { StateEntry } from "../../src/state/state-content.ts";
import {
  pendingRow,
  processedRow,
  runOf,
  saveSchedules,
  scheduleOf,
} from "../contract/state-manager-samples.ts";

/** Ids that have been trouble somewhere: emoji, right-to-left, line breaks, names of JavaScript's own, quotes. */
const awkwardIds = [
  "ü/é",
  "🗝️ 🇮🇳",
  "ملاحظة",
  "a\nb\u001b[31m",
  "__proto__",
  "constructor",
  "'; DROP TABLE ledger; --",
];

/** A state with something in every section: several connectors, processed and unfinished rows, awkward ids. */
export async function fillState(place: StatePlace, rows = 20): Promise<void> {
  const state = await openState(place);
  try {
    const ids = [...awkwardIds, ...Array.from({ length: rows }, (_, at) => `m${at}`)];
    for (const connectorId of ["notes", "__proto__"]) {
      await state.saveRows(ids.map((memoryId) => pendingRow({ connectorId, memoryId }, `hello ${memoryId}`)));
      await state.saveRows(ids.map((id) => processedRow({ connectorId, contextId: "ctx-2", memoryId: id })));
      await state.saveSyncState({
        connectorId,
        contextId: "ctx-2",
        watermark: 5000,
        lastCompleteListingAt: 6000,
        truncated: null,
        lastListingCount: ids.length,
      });
      await state.saveRun(runOf(`run of ${connectorId}`, { connectorId, trigger: "schedule" }));
    }
    // A second save, so that versions differ.
    const again = await state.getRows({ connectorId: "notes", contextId: "ctx-2" }, ["m1", "m2"]);
    await state.saveRows([...again.values()]);
    await saveSchedules(state, [scheduleOf("notes"), scheduleOf("gone", { dueAt: null, pausedAt: 7 })]);
    await state.connectors.save({
      id: "notes",
      version: 0,
      settings: { context_id: "ctx-1", memory_api: { api_key: "sealed:v1:abc" } },
      createdAt: 1,
      changedAt: 2,
    });
    await state.values.put("place 1 2", { city: "Mumbai", tags: ["a", null, 3] });
    await state.budgets.save({
      connectorId: "notes",
      day: "2025-01-31",
      documents: 3,
      characters: 400,
      tokens: 100,
      spentOut: "documents",
    });
    await state.reconciliations.save({ connectorId: "notes", startedAt: 5 });
    await state.backfills.save({
      connectorId: "notes",
      since: 1,
      until: 2,
      requestedAt: 3,
      listedAt: null,
      finishedAt: null,
    });
    await state.erasures.add({ connectorId: "notes", contextId: "ctx-1", memoryId: "erased" }, 7);
    await state.apiKeys.save([
      { id: "k1", name: "ops", role: "admin", hash: "ab".repeat(32), createdAt: 3, endsAt: null },
    ]);
  } finally {
    await state.close();
  }
}

/** Everything that a state holds, in an order that does not depend on the backend. */
export async function contentOf(place: StatePlace): Promise<StateEntry[]> {
  const snapshot = await openSnapshot(place);
  try {
    const entries: StateEntry[] = [];
    for await (const entry of snapshot.entries()) entries.push(structuredClone(entry));
    return entries;
  } finally {
    await snapshot.close();
  }
}
