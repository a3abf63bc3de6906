import { expect, test } from "vitest";
import { eraseMemory } from "../../test/support/erase-memory.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import type { Memory } from "../domain/memory.ts";
import { LedgerWriter } from "./ledger-writer.ts";

const hour = 3_600_000;
const day = "2025-01-01~no-place@CTX.md";
const notes = (count: number) => Array.from({ length: count }, (_, at) => memoryOf(`n${at}`));

/** A connector that merges notes and lets them come to rest for an hour. */
async function resting(change = {}) {
  const sync = await quickHarness(
    { mergeQuietMs: hour, ...change },
    { merge: { maxCharacters: 100 }, startAt: Date.UTC(2025, 5, 1) },
  );
  const show = async (memories: readonly Memory[], options = {}) => {
    sync.source.memories = [...memories];
    return sync.run(options);
  };
  const notesIn = (name: string) =>
    Array.from(
      (sync.sink.texts().get(name) ?? "").matchAll(/^\d\d:\d\d:\d\d.* \[(\S+)\]$/gmu),
      ([, id]) => id,
    );
  return { ...sync, show, notesIn };
}

test("notes that come one by one cost two documents and not one each, and no run fails or waits for the rest", async () => {
  const sync = await resting();
  let submitted = 0;
  let deleted = 0;
  for (let count = 1; count <= 12; count += 1) {
    const { outcome, counts } = await sync.show(notes(count));
    expect([outcome, counts.failed]).toEqual(["success", 0]);
    submitted += counts.submitted;
    deleted += counts.deleted;
  }
  expect([submitted, deleted]).toEqual([1, 0]);
  expect(sync.notesIn(day)).toEqual(["n0"]);
  sync.clock.advance(hour);
  const { outcome, counts } = await sync.show(notes(12));
  expect({ outcome, ...counts }).toMatchObject({ outcome: "success", submitted: 1, deleted: 1, waiting: 0 });
  expect(sync.notesIn(day)).toHaveLength(12);
});

test("a document that waits for more notes is put off, and neither failed nor a spent budget", async () => {
  const sync = await resting();
  await sync.show(notes(1));
  const record = await sync.show(notes(2));
  expect(record).toMatchObject({ outcome: "success", counts: { failed: 0, waiting: 1 } });
  expect(record.budgetSpent).toBeUndefined();
});

test("notes of now are waited for, however many come, and those of the past and of the future are not", async () => {
  const sync = await resting();
  const at = (minutes: number) => new Date(sync.clock.now() + minutes * 60_000).toISOString();
  const fresh = memoryOf("fresh", { createdAt: at(-30) });
  expect(await sync.show([fresh])).toMatchObject({ counts: { submitted: 0, waiting: 1 } });
  sync.clock.advance(hour / 2);
  expect(await sync.show([fresh])).toMatchObject({ counts: { submitted: 1, processed: 1, waiting: 0 } });
  const later = memoryOf("later", { createdAt: at(3 * 24 * 60) });
  expect(await sync.show([fresh, later])).toMatchObject({ counts: { submitted: 1 } });
});

test("who forces a run has all of it written at once", async () => {
  const sync = await resting();
  await sync.show(notes(1));
  await sync.show(notes(2));
  expect(await sync.show(notes(2), { force: true })).toMatchObject({ counts: { submitted: 1, waiting: 0 } });
  expect(sync.notesIn(day)).toEqual(["n0", "n1"]);
});

test("a note that moves, becomes empty or is erased leaves its document at once, and takes what waits with it", async () => {
  const sync = await resting();
  await sync.show(notes(3));
  await sync.show(notes(4));
  await sync.show([...notes(3), memoryOf("n3", { transcript: "" })]);
  expect(sync.notesIn(day)).toEqual(["n0", "n1", "n2"]);
  const parts = { ...sync, ledger: new LedgerWriter(sync) };
  await eraseMemory(parts, { connectorId: "c", contextId: "CTX" }, "n0", new AbortController().signal);
  expect(sync.notesIn(day)).toEqual(["n1", "n2"]);
});

test("a note that moves is nothing that its source has deleted", async () => {
  const sync = await resting({ mergeQuietMs: 0 });
  await sync.show(notes(1));
  const { counts } = await sync.show([memoryOf("n0", { createdAt: "2025-01-02T08:00:00Z" })]);
  expect(counts).toMatchObject({ vanished: 0, missing: 0, processed: 1 });
});
