import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";

const memories = (count: number) => Array.from({ length: count }, (_, at) => memoryOf(`m${at}`));
const deletions = {
  policy: "propagate" as const,
  graceListings: 1,
  gracePeriodMs: 0,
  maxPercent: 10,
  alwaysAllowed: 1,
};
const scope = { connectorId: "c", contextId: "CTX" };

async function delivered(count: number) {
  const sync = await quickHarness({ deletions, queryRange: "all" });
  sync.source.memories = memories(count);
  await sync.run();
  sync.source.ranges.length = 0;
  return { ...sync, without: (id: string) => memories(count).filter((memory) => memory.id !== id) };
}

test("one listing that lacks a memory deletes nothing: the source is asked again in the same run, whatever the grace", async () => {
  const sync = await delivered(20);
  sync.source.beforeList = (listing) => {
    sync.source.memories = listing === 1 ? sync.without("m3") : memories(20);
  };
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { vanished: 0, deleted: 0 } });
  expect(sync.source.ranges).toHaveLength(2);
  expect((await sync.row("m3")).status).toBe("processed");
});

test("two that agree are believed", async () => {
  const sync = await delivered(20);
  sync.source.memories = sync.without("m3");
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { vanished: 1, deleted: 1 } });
});

test("a second look that is doubted proves nothing, and the run says so", async () => {
  const sync = await delivered(20);
  sync.source.memories = sync.without("m3");
  sync.source.beforeList = (listing) => {
    sync.source.truncated = listing === 1 ? null : { reason: "doubted" };
  };
  expect(await sync.run({ acceptDeletions: true })).toMatchObject({
    outcome: "partial",
    counts: { vanished: 0 },
  });
  expect((await sync.row("m3")).status).toBe("processed");
});

test("with a longer grace an earlier listing is the first one, and no second look is taken", async () => {
  const sync = await quickHarness({ deletions: { ...deletions, graceListings: 2 }, queryRange: "all" });
  sync.source.memories = memories(20);
  await sync.run();
  sync.source.memories = memories(20).slice(1);
  expect(await sync.run()).toMatchObject({ counts: { missing: 1, vanished: 0 } });
  expect(await sync.run()).toMatchObject({ counts: { vanished: 1 } });
  expect(sync.source.ranges).toHaveLength(3);
});

test("a walk through pages is believed when another one finds nothing that it has missed", async () => {
  const sync = await quickHarness({}, { startAt: Date.UTC(2026, 0, 1) });
  sync.source.mayHaveDrifted = true;
  sync.source.beforeList = (listing) => {
    sync.source.memories = listing === 1 ? memories(5).slice(1) : memories(5);
  };
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 5 } });
  expect(sync.source.ranges).toHaveLength(3);
  await sync.run();
  expect(sync.source.ranges).toHaveLength(4);
});

test("walks that never agree leave the watermark where it was, and the run says so", async () => {
  const sync = await quickHarness({}, { startAt: Date.UTC(2026, 0, 1) });
  sync.source.mayHaveDrifted = true;
  sync.source.beforeList = (listing) => {
    sync.source.memories = memories(listing + 1).slice(-1);
  };
  const run = await sync.run();
  expect(run).toMatchObject({ outcome: "partial", errors: [{ code: "SOURCE_TRUNCATED" }] });
  expect(run.truncated).toContain("changed whenever it was walked through");
  expect((await sync.state.getSyncState(scope))?.watermark).toBeNull();
});
