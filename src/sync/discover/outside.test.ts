import { describe, expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { nothingLearnt } from "../../state/state-manager.ts";
import { SeenIds } from "../seen-ids.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { countOutside } from "./outside.ts";
import type { Reading } from "./reading.ts";

const day = 86_400_000;
const never = new AbortController().signal;
const now = Date.UTC(2026, 0, 1);
const scope = { connectorId: "c", contextId: "CTX" };

/** A source of memories a to d: b is in the ledger, c was shown by the run's own listing. */
async function outsideWorld(
  settings: Partial<SyncSettings> = {},
  outside: { count: number; at: number } | null = null,
) {
  const sync = await quickHarness({ queryRange: "week", ...settings }, { startAt: now });
  await pendingRows(sync, [memoryOf("b")]);
  sync.source.memories = ["a", "b", "c", "d"].map((id) => memoryOf(id));
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  const shown = new SeenIds();
  shown.add({ memories: [memoryOf("c")], malformed: [], truncated: null });
  const reading = {
    scope,
    range: "week",
    shown,
    learnt: { ...nothingLearnt, outside },
  } as unknown as Reading;
  return { ...sync, notices, reading, runOf: () => runContext(sync) };
}

test("memories that were neither shown nor are known are counted, and the count is remembered", async () => {
  const { runOf, reading, source } = await outsideWorld();
  const run = await runOf();
  await countOutside(run, reading, run.signal);
  await countOutside(run, { ...reading, learnt: { ...reading.learnt } }, run.signal);
  expect(run.report.scope).toEqual({ queryRange: "week", outside: 4 });
  expect(reading.learnt).toEqual({ ...nothingLearnt, outside: { count: 2, at: now } });
  expect(source.ranges).toEqual(["all"]);
});

describe("the whole list is asked for", () => {
  test.each([
    ["not again within a day", {}, { count: 7, at: now - day + 1 }, 7, 0],
    ["again after a day", {}, { count: 7, at: now - day }, 2, 1],
    ["again when the last count lies in the future", {}, { count: 7, at: now + 1 }, 2, 1],
    ["not again for a count of just now", {}, { count: 7, at: now }, 7, 0],
    ["as often as full looks are", { fullLookMs: 1_000 }, { count: 7, at: now - 1_000 }, 2, 1],
    ["never with auto, which leaves nothing out", { queryRange: "auto" }, { count: 7, at: 0 }, 0, 0],
    ["never with all", { queryRange: "all" }, { count: 7, at: 0 }, 0, 0],
  ] as const)("%s", async (_, settings, before, outside, listings) => {
    const { runOf, reading, source } = await outsideWorld(settings, before);
    const run = await runOf();
    await countOutside(run, reading, run.signal);
    expect(run.report.scope?.outside).toBe(outside);
    expect(source.ranges).toHaveLength(listings);
  });
});

test("a listing of everything leaves nothing outside", async () => {
  const { runOf, reading, source } = await outsideWorld();
  const run = await runOf();
  await countOutside(run, Object.assign(reading, { range: "all" }), run.signal);
  expect(run.report.scope?.outside).toBe(0);
  expect(reading.learnt.outside).toEqual({ count: 0, at: now });
  expect(source.ranges).toEqual([]);
});

describe("a range is not believed when the list of everything shows what lies in it", () => {
  const hour = 3_600_000;

  test.each([
    ["in the middle of the week", 3 * day, 1],
    ["just within it", 7 * day - hour, 1],
    ["at its end, where the two clocks may differ", 7 * day - hour + 1, 0],
    ["and has come since", 0, 0],
    ["and is older", 8 * day, 0],
  ])("%s", async (_, age, hidden) => {
    const { runOf, reading, source } = await outsideWorld({}, { count: 7, at: 0 });
    source.memories.push(memoryOf("late", { createdAt: new Date(now - age).toISOString() }));
    const run = await runOf();
    const reason = await countOutside(run, Object.assign(reading, { startedAt: now }), never);
    const said =
      /^1 memory of the range "all" should have come for the range "week".*set query_range to "auto"$/;
    if (hidden === 0) expect(reason).toBeNull();
    else expect(reason).toMatch(said);
    expect(reading.learnt.outside).toEqual(hidden === 0 ? { count: 3, at: now } : { count: 7, at: 0 });
    expect(run.report.scope?.outside).toBe(3);
  });

  test("though the ledger knows it", async () => {
    const { runOf, reading, source } = await outsideWorld();
    source.memories = [memoryOf("b", { createdAt: new Date(now - day).toISOString() })];
    const reason = await countOutside(await runOf(), Object.assign(reading, { startedAt: now }), never);
    expect(reason).toContain('come for the range "week"');
  });
});

test("a source that does not tell fails no run: it is told, and what was known before stands", async () => {
  const { runOf, reading, source, notices } = await outsideWorld({}, { count: 7, at: 0 });
  source.beforeList = () => {
    throw new ConnectorError("SOURCE_UNREACHABLE", "gone");
  };
  const run = await runOf();
  await countOutside(run, reading, run.signal);
  expect(run.report.scope?.outside).toBe(7);
  expect(notices).toEqual(["what lies outside of query_range could not be counted: gone"]);
});

test("a run that is cancelled, and a defect, are no such thing", async () => {
  const { runOf, reading, source } = await outsideWorld();
  source.beforeList = () => {
    throw new Error("a defect");
  };
  await expect(countOutside(await runOf(), reading, never)).rejects.toThrow("a defect");
  const stop = new AbortController();
  source.beforeList = () => {
    stop.abort();
    throw new ConnectorError("CANCELLED", "stopped");
  };
  await expect(countOutside(await runOf(), reading, stop.signal)).rejects.toMatchObject({
    code: "CANCELLED",
  });
});

test("a server that shows a week for the month it is asked for is caught at the first run, and deletes nothing at any", async () => {
  const deletions = {
    policy: "propagate",
    graceListings: 1,
    gracePeriodMs: 0,
    maxPercent: 100,
    alwaysAllowed: 9,
  };
  const sync = await quickHarness({ queryRange: "month", deletions } as Partial<SyncSettings>, {
    startAt: now,
  });
  const aged = [1, 2, 10].map((age) =>
    memoryOf(`d${age}`, { createdAt: new Date(now - age * day).toISOString() }),
  );
  const showing = (weekOnly: boolean) => {
    sync.source.beforeList = () => {
      const isCut = weekOnly && sync.source.ranges.at(-1) === "month";
      sync.source.memories = aged.slice(0, isCut ? 2 : 3);
    };
  };
  showing(false);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 3 } });
  showing(true);
  sync.clock.advance(day);
  for (let run = 0; run < 3; run++) {
    expect(await sync.run()).toMatchObject({
      outcome: "partial",
      counts: { vanished: 0, deleted: 0 },
      errors: [{ code: "SOURCE_TRUNCATED", message: expect.stringContaining('set query_range to "auto"') }],
    });
  }
  showing(false);
  expect(await sync.run()).toMatchObject({ outcome: "success", errors: [] });
});
