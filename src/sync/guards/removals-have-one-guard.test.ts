import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { Memory } from "../../domain/memory.ts";
import type { DeletionSettings } from "../sync-settings.ts";

const memories = (count: number) => Array.from({ length: count }, (_, at) => memoryOf(`m${at}`));
const emptied = (memory: Memory): Memory => ({ ...memory, transcript: "" });

async function delivered(count: number, change: Partial<DeletionSettings> = {}, options = {}) {
  const deletions = {
    policy: "ignore" as const,
    graceListings: 1,
    gracePeriodMs: 0,
    maxPercent: 10,
    alwaysAllowed: 1,
  };
  const sync = await quickHarness({ queryRange: "all", deletions: { ...deletions, ...change } }, options);
  sync.source.memories = memories(count);
  await sync.run();
  expect(sync.sink.texts().size).toBe(count);
  return {
    ...sync,
    /** The first ones lose their text, the next ones are gone. */
    lose(emptiedCount: number, goneCount = 0) {
      sync.source.memories = memories(count)
        .map((memory, at) => (at < emptiedCount ? emptied(memory) : memory))
        .filter((_, at) => at < emptiedCount || at >= emptiedCount + goneCount);
    },
  };
}

test("half of the transcripts become empty: nothing is removed whatever on_delete says, and new memories pass", async () => {
  for (const policy of ["ignore", "tombstone", "propagate"] as const) {
    const sync = await delivered(40, { policy });
    sync.lose(20);
    sync.source.memories.push(memoryOf("new"));
    const run = await sync.run();
    expect(run).toMatchObject({ outcome: "partial", counts: { new: 1, processed: 1, deleted: 0 } });
    expect(run.errors).toMatchObject([
      {
        code: "DELETIONS_SUSPECT",
        message: expect.stringMatching(
          /20 of 4\d known memories have lost their text or do not fit the filter any more/,
        ),
      },
    ]);
    expect(run.errors[0]?.hint).toContain("memory-connector sync --connector-id c --accept-deletions");
    expect(sync.sink.texts().size).toBe(41);
  }
});

test("it is asked again until it is answered; the answer lets it through", async () => {
  const sync = await delivered(40);
  sync.lose(20);
  for (let run = 0; run < 2; run++) expect(await sync.run()).toMatchObject({ outcome: "partial" });
  expect(await sync.run({ acceptDeletions: true })).toMatchObject({
    outcome: "success",
    counts: { deleted: 20 },
  });
  expect(sync.sink.texts().size).toBe(20);
  expect(await sync.run()).toMatchObject({ outcome: "success" });
});

test("texts that come back are as if nothing had been", async () => {
  const sync = await delivered(40);
  sync.lose(20);
  await sync.run();
  sync.lose(0);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { changed: 0, deleted: 0 } });
  expect(sync.sink.texts().size).toBe(40);
});

test("memories that are gone and memories that lost their text count together", async () => {
  const sync = await delivered(40, { policy: "propagate" });
  sync.lose(2, 2);
  expect((await sync.run()).outcome).toBe("success");
  const more = await delivered(40, { policy: "propagate" });
  more.lose(3, 2);
  const run = await more.run();
  expect(run.errors).toMatchObject([
    { code: "DELETIONS_SUSPECT", message: expect.stringMatching(/2 are missing and 3 have lost/) },
  ]);
  expect(more.sink.texts().size).toBe(40);
});

test("a small ledger has a floor in numbers: one may go, two of five ask, and the floor is a setting", async () => {
  const one = await delivered(5);
  one.lose(1);
  expect(await one.run()).toMatchObject({ outcome: "success", counts: { deleted: 1 } });
  const two = await delivered(5);
  two.lose(2);
  expect(await two.run()).toMatchObject({ errors: [{ code: "DELETIONS_SUSPECT" }], counts: { deleted: 0 } });
  const allowed = await delivered(5, { alwaysAllowed: 2 });
  allowed.lose(2);
  expect(await allowed.run()).toMatchObject({ outcome: "success", counts: { deleted: 2 } });
});

test("updates that leave no text count, where empty transcripts are not skipped", async () => {
  const sync = await delivered(40, {}, { skipEmptyTranscripts: false });
  sync.lose(20);
  expect(await sync.run()).toMatchObject({ errors: [{ code: "DELETIONS_SUSPECT" }], counts: { deleted: 0 } });
});

test("force and accepted resends do not release it", async () => {
  const sync = await delivered(40);
  sync.lose(20);
  await sync.run({ acceptResends: true });
  await sync.run({ force: true });
  expect(sync.sink.texts().size).toBe(40);
});

test("more than is kept in memory is held as well, and ordinary changes beside it pass", async () => {
  const sync = await delivered(500);
  sync.lose(250);
  sync.source.memories = sync.source.memories.map((memory, at) =>
    at === 499 ? { ...memory, transcript: "changed" } : memory,
  );
  expect(await sync.run()).toMatchObject({
    errors: [{ code: "DELETIONS_SUSPECT" }],
    counts: { processed: 1, deleted: 1 },
  });
  expect(sync.sink.texts().size).toBe(500);
});
