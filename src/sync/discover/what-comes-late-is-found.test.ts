import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2025, 5, 15, 12);
const scope = { connectorId: "c", contextId: "CTX" };
const reach: Record<string, number> = { day, week: 7 * day, month: 30 * day, all: Number.POSITIVE_INFINITY };
const at = (agoMs: number) => new Date(now - agoMs).toISOString();

/** A source that keeps to the ranges, and a clock that a test sets. */
async function lateWorld(fullLookMs: number | null) {
  const sync = await quickHarness({ fullLookMs }, { startAt: now });
  let all = [memoryOf("a", { createdAt: at(hour) })];
  sync.source.beforeList = () => {
    const range = sync.source.ranges.at(-1) ?? "all";
    sync.source.memories = all.filter(
      ({ createdAt }) => sync.clock.now() - Date.parse(createdAt) <= (reach[range] ?? 0),
    );
  };
  return {
    ...sync,
    put: (id: string, agoMs: number, transcript: string) => {
      all = [...all.filter((memory) => memory.id !== id), memoryOf(id, { createdAt: at(agoMs), transcript })];
    },
    pass: (ms: number) => {
      sync.clock.setWallClock(sync.clock.now() + ms);
    },
  };
}

test("a transcript that comes six hours after its memory was skipped is found, a day and more after it was recorded", async () => {
  const sync = await lateWorld(null);
  sync.put("old", 20 * hour, "");
  await sync.run();
  expect((await sync.row("old")).skipReason).toBe("empty_transcript");
  sync.put("old", 20 * hour, "at last");
  sync.pass(6 * hour);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 1 } });
  expect(sync.source.ranges).toEqual(["all", "week"]);
});

test("the looks become rarer with the age of what is waited for, and end with the month", async () => {
  const sync = await lateWorld(null);
  sync.put("old", 4 * day, "");
  await sync.run();
  const ranges = [];
  for (let run = 0; run < 16; run++) {
    sync.pass(hour);
    await sync.run();
    ranges.push(sync.source.ranges.at(-1));
  }
  expect(ranges.filter((range) => range === "week").length).toBe(3);
  sync.pass(40 * day);
  await sync.run();
  sync.pass(hour);
  await sync.run();
  expect(sync.source.ranges.at(-1)).toBe("day");
});

test("nothing that waits costs no wider look", async () => {
  const sync = await lateWorld(null);
  for (let run = 0; run < 4; run++) {
    await sync.run();
    sync.pass(5 * hour);
  }
  expect(sync.source.ranges).toEqual(["all", "day", "day", "day"]);
});

test("the whole list is looked at now and then, so that what appears under an old time is found", async () => {
  const sync = await lateWorld(day);
  await sync.run();
  sync.put("imported", 200 * day, "from an old phone");
  sync.pass(12 * hour);
  await sync.run();
  sync.pass(12 * hour);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 1 } });
  expect(sync.source.ranges).toEqual(["all", "day", "all"]);
  expect((await sync.row("imported")).status).toBe("processed");
});

test("a whole look that was not whole is repeated by the next run", async () => {
  const sync = await lateWorld(day);
  await sync.run();
  sync.pass(day);
  sync.source.truncated = { reason: "cut" };
  await sync.run();
  sync.source.truncated = null;
  sync.pass(hour);
  await sync.run();
  sync.pass(hour);
  await sync.run();
  expect(sync.source.ranges).toEqual(["all", "all", "all", "day"]);
});

test("a last look in the future, from a clock that was set back, is not believed", async () => {
  const sync = await lateWorld(day);
  sync.pass(365 * day);
  await sync.run();
  sync.pass(-365 * day + hour);
  const lookedAt = sync.clock.now();
  await sync.run();
  expect((await sync.state.getSyncState(scope))?.learnt?.lookedAt.all).toBe(lookedAt);
});

test("memories that a person names and the source does not show make the run partial, by name", async () => {
  const sync = await lateWorld(null);
  const run = await sync.run({ filter: { ids: new Set(["a", "nope"]) } });
  expect(run).toMatchObject({
    outcome: "partial",
    counts: { processed: 1 },
    errors: [{ code: "MEMORY_NOT_FOUND", count: 1, examples: ["nope"] }],
  });
});
