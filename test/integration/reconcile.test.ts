import { expect, test } from "vitest";
import type { Memory } from "../../src/memory/memory.ts";
import { applyEvent } from "../../src/state/ledger.ts";
import { isInStep } from "../../src/sync/drift/drift-report.ts";
import { fileSourceOf } from "../../src/transform/file-source.ts";
import { directHarness } from "../support/direct-harness.ts";
import { driftWorld, sabotageAll } from "../support/drift-world.ts";
import { simulatorHarness } from "../support/lightrag-simulator-harness.ts";
import { plainEnrichment } from "../support/sync-harness.ts";

const harnesses = [simulatorHarness("1.5"), simulatorHarness("1.4"), directHarness()];

for (const harness of harnesses) {
  for (const backend of ["sqlite", "json"] as const) {
    test(`after sabotage a check of ${harness.name} with ${backend} finds all of it, and a repair restores it whole`, async () => {
      const world = await driftWorld(harness, backend, 20);
      const expected = await sabotageAll(world);
      const before = await world.documents();
      const check = await world.reconcile();
      expect(check).toMatchObject({ drift: expected, repair: null, truncated: null, memories: 20 });
      expect(await world.documents()).toEqual(before);
      const { repair } = await world.reconcile({ repair: true });
      expect(repair).toMatchObject({ removed: 1, held: null, run: { outcome: "success" } });
      expect(isInStep(repair?.remaining ?? check.drift)).toBe(true);
      await world.expectWhole("ghost@OTHER.md", "readme.md");
      expect(isInStep((await world.reconcile()).drift)).toBe(true);
    });
  }
}

const quick = simulatorHarness("1.5");

test("the documents of groups are compared and repaired like those of memories, and none is taken for an orphan", async () => {
  const world = await driftWorld(quick, "sqlite", 6, { merge: { maxCharacters: 100 } });
  const onDay = (day: number) => `2025-01-0${day}~no-place@CTX.md`;
  world.source.memories = world.source.memories.map((memory, at) => ({
    ...memory,
    createdAt: `2025-01-0${1 + Math.floor(at / 2)}T10:00:00Z`,
  }));
  await world.run();
  expect(await world.reconcile()).toMatchObject({ documents: 3, delivered: 3 });
  expect(isInStep((await world.reconcile()).drift)).toBe(true);
  const before = await world.documents();
  await world.sabotage.remove(onDay(1));
  await world.sabotage.put(onDay(2), "Somebody was here.");
  const { drift, repair } = await world.reconcile({ repair: true });
  expect(drift).toMatchObject({ missing: { count: 1 }, changed: { count: 1 }, orphaned: { count: 0 } });
  expect(drift.vanished.count).toBe(0);
  expect(isInStep(repair?.remaining ?? drift)).toBe(true);
  const lengths = (documents: typeof before) =>
    Array.from(documents, ([name, record]) => [name, record.status, record.contentLength]).toSorted();
  expect(lengths(await world.documents())).toEqual(lengths(before));
});

test("texts that services have a part in are compared with what the services said", async () => {
  const heard = { enrich: async (_: string, memory: Memory) => ({ ...memory, title: "said by a service" }) };
  const enrichment = { ...plainEnrichment, forRun: () => heard };
  const world = await driftWorld(quick, "sqlite", 12, {}, enrichment);
  await world.run();
  expect(isInStep((await world.reconcile()).drift)).toBe(true);
  await world.sabotage.put("m3@CTX.md", "Nothing of ours.");
  expect((await world.reconcile()).drift).toMatchObject({ changed: { count: 1, examples: ["m3"] } });
});

test("without differences nothing is written and nothing is sent", async () => {
  const world = await driftWorld(quick, "sqlite", 5);
  await world.run();
  const row = await world.row("m0");
  expect(await world.reconcile({ repair: true })).toMatchObject({
    documents: 5,
    delivered: 5,
    memories: 5,
    repair: { run: null, removed: 0 },
  });
  expect(await world.row("m0")).toEqual(row);
});

test("when the ledger is lost and the source shows little, documents are not taken for orphans", async () => {
  for (const memories of [0, 5]) {
    const world = await driftWorld(quick, "sqlite", 20);
    await world.run();
    await world.state.resetConnector("c");
    world.source.memories = world.source.memories.slice(0, memories);
    const held: string[] = [];
    world.events.on("run:held", ({ reason }) => held.push(reason));
    const { repair } = await world.reconcile({ repair: true });
    expect(repair).toMatchObject({ removed: 0, held: expect.any(String) });
    expect(held).toEqual(["deletions"]);
    expect((await world.documents()).size).toBe(20);
    expect((await world.reconcile({ repair: true, acceptDeletions: true })).repair).toMatchObject({
      removed: 20 - memories,
    });
    await world.expectWhole();
  }
});

test("a list that is not complete makes nothing vanished or orphaned", async () => {
  const world = await driftWorld(quick, "sqlite", 5);
  await world.run();
  await world.sabotage.put("ghost@CTX.md", "No memory stands behind this one.");
  world.source.memories = world.source.memories.slice(1);
  world.source.truncated = { reason: "full" };
  expect(await world.reconcile({ repair: true })).toMatchObject({
    truncated: "full",
    drift: { orphaned: { count: 0 }, vanished: { count: 0 } },
    repair: { removed: 0 },
  });
  expect((await world.documents()).size).toBe(6);
});

test("what is gone at the source and from LightRAG is forgotten; what only the source lacks is left to `on_delete`", async () => {
  const world = await driftWorld(quick, "sqlite", 20);
  await world.run();
  world.source.memories = world.source.memories.slice(2);
  await world.sabotage.remove("m0@CTX.md");
  expect(await world.reconcile({ repair: true })).toMatchObject({
    drift: { missing: { count: 1 }, vanished: { count: 2 } },
    repair: { removed: 0 },
  });
  expect(await world.row("m0")).toMatchObject({ status: "deleted", documentId: null });
  expect(await world.row("m1")).toMatchObject({ status: "processed" });
});

test("a run that finds a doubted delivery takes it up though its range would not reach so far", async () => {
  const world = await driftWorld(quick, "sqlite", 5);
  await world.run();
  await world.sabotage.remove("m0@CTX.md");
  const row = await world.row("m0");
  if (row === undefined) throw new Error("no row");
  await world.state.saveRows([applyEvent(row, { type: "doubt", documentId: null }, Date.now())]);
  const { memories } = world.source;
  world.source.memories = [];
  await world.run();
  world.source.memories = memories;
  await world.run();
  expect(world.source.ranges).toEqual(["all", "day", "all"]);
  await world.expectWhole();
});

test("one connector is never compared and run at the same time", async () => {
  const world = await driftWorld(quick, "sqlite", 1);
  const lock = await world.state.lockConnector("c");
  await expect(world.reconcile()).rejects.toThrow(expect.objectContaining({ code: "CONNECTOR_LOCKED" }));
  await lock.release();
});

test("a delivery that is on its way and gets lost is no agreement: a run settles it", async () => {
  const world = await driftWorld(quick, "sqlite", 3);
  world.slowDown(5000);
  await world.run({ wait: false });
  const { drift } = await world.reconcile();
  expect(drift.unsent.count).toBe(3);
  world.slowDown(0);
  expect((await world.reconcile({ repair: true })).repair).toMatchObject({ run: { outcome: "success" } });
  await world.expectWhole();
});

test("memories whose names end in a digest are compared like the others", async () => {
  const world = await driftWorld(quick, "sqlite", 4);
  const long = (index: number) => `${"x".repeat(400)}${index}`;
  world.source.memories = world.source.memories.map((memory, index) => ({ ...memory, id: long(index) }));
  await world.run();
  expect(await world.reconcile()).toMatchObject({ documents: 4, delivered: 4, memories: 4 });
  const [removed, replaced] = [0, 1].map((index) => fileSourceOf("CTX", long(index)));
  await world.sabotage.remove(removed ?? "");
  await world.sabotage.put(replaced ?? "", "Nothing of ours.");
  await world.forget(long(2));
  const { drift } = await world.reconcile();
  expect(drift).toMatchObject({
    missing: { examples: [long(0)] },
    changed: { examples: [long(1)] },
    forgotten: { examples: [long(2)] },
    unsent: { count: 0 },
    orphaned: { count: 0 },
  });
  await world.reconcile({ repair: true });
  await world.expectWhole();
});
