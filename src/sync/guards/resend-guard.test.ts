import { expect, test } from "vitest";
import { memoryOf, plainEnrichment, quickHarness } from "../../../test/support/sync-harness.ts";
import { type Memory, withFacts } from "../../domain/memory.ts";
import type { SyncEvents } from "../events.ts";

const memories = (count: number) => Array.from({ length: count }, (_, at) => memoryOf(`m${at}`));
const edited = (all: readonly Memory[], count: number) =>
  all.map((memory, at) => (at < count ? { ...memory, transcript: `${memory.id} edited` } : memory));

async function delivered(count: number, maxResendPercent = 50) {
  const sync = await quickHarness({ maxResendPercent, maxInFlight: 100 });
  sync.source.memories = memories(count);
  await sync.run();
  const held: SyncEvents["run:held"][] = [];
  sync.events.on("run:held", (event) => held.push(event));
  sync.sink.calls.length = 0;
  return { ...sync, held };
}

test("a run that would send more of the ledger again than allowed leaves that as it is and asks, and new memories come", async () => {
  const sync = await delivered(20);
  sync.source.memories = [...edited(memories(20), 11), memoryOf("new")];
  expect(await sync.run()).toMatchObject({
    outcome: "failed",
    counts: { changed: 11, new: 1, processed: 1, deleted: 0 },
    errors: [{ code: "RUN_HELD" }],
  });
  expect(sync.held).toMatchObject([{ reason: "resend", ratio: 0.55 }]);
  expect(sync.sink.calls).toEqual(["submit 1"]);
  expect((await sync.row("new")).status).toBe("processed");
  expect(sync.sink.texts().get("m0@CTX.md")).not.toContain("edited");
});

test("when the change is undone, the held run has left nothing to send but what is new", async () => {
  const sync = await delivered(20);
  sync.source.memories = edited(memories(20), 20);
  await sync.run();
  sync.source.memories = memories(20);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { unchanged: 20, submitted: 0 } });
});

test("a person who agrees, or who forces, gets them sent", async () => {
  for (const yes of [{ acceptResends: true }, { force: true }]) {
    const sync = await delivered(20);
    sync.source.memories = edited(memories(20), 20);
    expect(await sync.run(yes)).toMatchObject({ outcome: "success", counts: { changed: 20, processed: 20 } });
    expect(sync.held).toEqual([]);
  }
});

test("a service that recovers has all its stand-ins replaced in a few runs, and holds none", async () => {
  let isDown = true;
  const enrich = async (_contextId: string, memory: Memory) =>
    withFacts(memory, { transcription: isDown ? "a stand-in" : "the better words", provisional: isDown });
  const enrichment = { ...plainEnrichment, forRun: () => ({ enrich }) };
  const sync = await quickHarness({ maxInFlight: 100 }, { enrichment });
  const silent = (id: string) => memoryOf(id, { transcript: "", audio: true });
  const all = Array.from({ length: 12 }, (_, at) => silent(`m${at}`));
  sync.source.memories = all;
  await sync.run();
  isDown = false;
  sync.source.memories = [...all, silent("new")];
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 11 } });
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 2 } });
  expect(await sync.run()).toMatchObject({ counts: { changed: 0, submitted: 0 } });
  expect([...sync.sink.texts().values()].every((text) => text.includes("the better words"))).toBe(true);
});

test("documents that would only be removed are the business of the other brake", async () => {
  const sync = await delivered(20);
  sync.source.memories = memories(20).map((memory) => ({ ...memory, transcript: "" }));
  expect(await sync.run()).toMatchObject({ errors: [{ code: "DELETIONS_SUSPECT" }] });
  expect(sync.sink.texts().size).toBe(20);
});

test("ten changes or fewer, and a share within the limit, are sent without a word", async () => {
  const few = await delivered(10);
  few.source.memories = edited(memories(10), 10);
  expect(await few.run()).toMatchObject({ outcome: "success", counts: { processed: 10 } });
  const within = await delivered(40);
  within.source.memories = edited(memories(40), 20);
  expect(await within.run()).toMatchObject({ outcome: "success", counts: { processed: 20 } });
});

test("more changes than are kept in memory are read from the source once more, and counted once", async () => {
  const sync = await delivered(450);
  sync.source.memories = edited(memories(450), 220);
  const reads = sync.source.ranges.length;
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { fetched: 450, changed: 220, unchanged: 230, processed: 220, deleted: 220 },
  });
  expect(sync.source.ranges.length - reads).toBe(2);
});
