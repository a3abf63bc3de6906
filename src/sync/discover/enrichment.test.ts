import { expect, test } from "vitest";
import { memoryOf, plainEnrichment, quickHarness } from "../../../test/support/sync-harness.ts";
import type { Memory } from "../../domain/memory.ts";
import { withFacts } from "../../domain/memory.ts";
import type { MemoryFacts } from "../../domain/memory-facts.ts";

/** A sync whose enricher gives these facts and counts how often it is asked. */
async function enrichedSync(facts: () => Partial<MemoryFacts>) {
  const asked: string[] = [];
  const enrich = async (_contextId: string, memory: Memory) => {
    asked.push(memory.id);
    return withFacts(memory, facts());
  };
  const sync = await quickHarness({}, { enrichment: { ...plainEnrichment, forRun: () => ({ enrich }) } });
  return { ...sync, asked };
}

test("an unchanged memory is looked into once, and again only when the source shows it in another form", async () => {
  const sync = await enrichedSync(() => ({}));
  sync.source.memories = [memoryOf("a")];
  for (let run = 0; run < 3; run++) await sync.run();
  expect(sync.asked).toEqual(["a"]);
  sync.source.memories = [memoryOf("a", { updatedAt: "2025-02-01T00:00:00Z" })];
  const { changedAt } = await sync.row("a");
  for (let run = 0; run < 3; run++) expect(await sync.run()).toMatchObject({ counts: { unchanged: 1 } });
  expect(sync.asked).toEqual(["a", "a"]);
  expect(await sync.row("a")).toMatchObject({ status: "processed", changedAt });
});

test("a delivered memory is looked into when the delivery is forced", async () => {
  const sync = await enrichedSync(() => ({}));
  sync.source.memories = [memoryOf("a")];
  await sync.run();
  expect(await sync.run({ force: true })).toMatchObject({ counts: { changed: 1, processed: 1 } });
  expect(sync.asked).toEqual(["a", "a"]);
});

test("as long as facts are provisional a memory is looked into each time, and sent only when they change its text", async () => {
  let transcription = "first guess";
  let provisional = true;
  const sync = await enrichedSync(() => ({ transcription, provisional }));
  sync.source.memories = [memoryOf("a", { transcript: "", audio: true })];
  await sync.run();
  expect(await sync.run()).toMatchObject({ counts: { unchanged: 1, submitted: 0 } });
  transcription = "better";
  provisional = false;
  expect(await sync.run()).toMatchObject({ counts: { changed: 1, processed: 1 } });
  await sync.run();
  expect(sync.asked).toHaveLength(3);
  expect(sync.sink.texts().get("a@CTX.md")).toContain("better");
});

test("what was found out is delivered by a later run as it was found out", async () => {
  let transcription = "as it was heard";
  const sync = await enrichedSync(() => ({ transcription }));
  sync.source.memories = [memoryOf("a", { transcript: "", audio: true })];
  const stop = new AbortController();
  sync.events.on("run:phase", ({ phase }) => {
    if (phase === "deliver") stop.abort();
  });
  expect(await sync.run({}, stop.signal)).toMatchObject({ outcome: "cancelled" });
  transcription = "heard otherwise";
  expect(await sync.run()).toMatchObject({ counts: { unchanged: 1, processed: 1 } });
  expect(sync.sink.texts().get("a@CTX.md")).toContain("as it was heard");
});

test("a run that is cancelled while something is found out has written nothing half", async () => {
  const stop = new AbortController();
  const sync = await enrichedSync(() => {
    stop.abort();
    return {};
  });
  sync.source.memories = ["a", "b"].map((id) => memoryOf(id));
  expect(await sync.run({}, stop.signal)).toMatchObject({ outcome: "cancelled", counts: { new: 0 } });
  expect(await sync.state.countRows("c")).toMatchObject({ pending: 0 });
});
