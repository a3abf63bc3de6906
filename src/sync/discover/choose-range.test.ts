import { describe, expect, test } from "vitest";
import { nothingLearnt, type SyncState } from "../../state/state-manager.ts";
import type { QueryRange } from "../query-range.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { nextFullLook, rangeFor } from "./choose-range.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2026, 0, 31);
const scope = { connectorId: "c", contextId: "x" };

interface Case {
  queryRange?: SyncSettings["queryRange"];
  fullLookMs?: number | null;
  /** How long ago; null before the first listing. */
  watermark?: number | null;
  lookedAgo?: { [Range in QueryRange]?: number };
  /** How old the memories that wait are. */
  wanted?: string;
  waitingAges?: readonly number[];
  options?: Partial<RunOptions>;
}

function chosen(given: Case): Promise<QueryRange> {
  const {
    queryRange = "auto",
    fullLookMs = null,
    watermark = hour,
    lookedAgo = {},
    waitingAges = [],
    wanted = "",
  } = given;
  const lookedAt = Object.fromEntries(Object.entries(lookedAgo).map(([range, ago]) => [range, now - ago]));
  const known: SyncState = {
    ...scope,
    watermark: watermark === null ? null : now - watermark,
    lastCompleteListingAt: null,
    truncated: null,
    lastListingCount: null,
    learnt: { ...nothingLearnt, lookedAt },
  };
  const times = waitingAges.map((age) => now - age).sort((a, b) => a - b);
  const waiting = async (_: unknown, after = Number.NEGATIVE_INFINITY) => ({
    transcripts: times.length,
    media: 0,
    oldestAt: times.find((at) => at > after) ?? null,
  });
  const parts = { state: { waiting }, clock: { now: () => now } };
  return rangeFor(parts, { queryRange, fullLookMs, wanted }, scope, known, {
    filter: {},
    force: false,
    ...given.options,
  });
}

test("without a state the first run reads everything, or the range that is set", async () => {
  const parts = {
    state: { waiting: () => Promise.reject(new Error("not asked")) },
    clock: { now: () => now },
  };
  const choose = (queryRange: SyncSettings["queryRange"]) =>
    rangeFor(parts, { queryRange, fullLookMs: null, wanted: "" }, scope, null, { filter: {}, force: false });
  expect(await choose("auto")).toBe("all");
  expect(await choose("week")).toBe("week");
  const known = {
    ...scope,
    watermark: now,
    lastCompleteListingAt: null,
    truncated: null,
    lastListingCount: null,
  };
  const auto = { queryRange: "auto", fullLookMs: day, wanted: "" } as const;
  expect(await rangeFor(parts, auto, scope, known, { filter: {}, force: false })).toBe("all");
});

test.each([
  ["auto takes the narrowest range that the time needs", {}, "day"],
  ["auto takes a wider one after a longer time", { watermark: 3 * day }, "week"],
  [
    "another filter or redaction than at the last look at everything needs another look",
    { wanted: "b" },
    "all",
  ],
  ["a repair reads the whole source", { options: { wholeSource: true }, queryRange: "day" }, "all"],
  ["a span of time is looked for in everything", { options: { filter: { since: 0 } } }, "all"],
  ["who forces a run means what was delivered long ago, too", { options: { force: true } }, "all"],
  ["deletions that are accepted are those of the whole list", { options: { acceptDeletions: true } }, "all"],
  ["force reaches no further than a fixed range", { options: { force: true }, queryRange: "week" }, "week"],
  ["named memories are looked for in everything", { options: { filter: { ids: new Set(["a"]) } } }, "all"],
  [
    "a fixed range heeds neither full looks nor what waits",
    { queryRange: "day", fullLookMs: day, waitingAges: [2 * day] },
    "day",
  ],
] satisfies [string, Case, QueryRange][])("%s", async (_, given, range) => {
  expect(await chosen(given)).toBe(range);
});

describe("auto looks at the whole list", () => {
  test.each([
    ["never by itself", { fullLookMs: null }, "day"],
    ["at once when it never has", { fullLookMs: day }, "all"],
    ["not before it is due", { fullLookMs: day, lookedAgo: { all: day - 1 } }, "day"],
    ["when it is due", { fullLookMs: day, lookedAgo: { all: day } }, "all"],
    ["when the last look lies in the future", { fullLookMs: day, lookedAgo: { all: -1 } }, "all"],
    ["not when the last look was just now", { fullLookMs: day, lookedAgo: { all: 0 } }, "day"],
  ] satisfies [string, Case, QueryRange][])("%s", async (_, given, range) => {
    expect(await chosen(given)).toBe(range);
  });

  test("and says when", () => {
    const auto = { queryRange: "auto", fullLookMs: day } as const;
    expect(nextFullLook(auto, { all: now - hour }, now)).toBe(now - hour + day);
    expect(nextFullLook(auto, {}, now)).toBe(now);
    expect(nextFullLook(auto, { all: now + 1 }, now)).toBe(now);
    expect(nextFullLook({ ...auto, fullLookMs: null }, {}, now)).toBeNull();
    expect(nextFullLook({ ...auto, queryRange: "all" }, {}, now)).toBeNull();
  });
});

describe("a memory that waits for a transcript", () => {
  test.each([
    ["within the range costs no wider look", { waitingAges: [hour] }, "day"],
    ["of two days is looked for in a week", { waitingAges: [2 * day] }, "week"],
    ["of ten days is looked for in a month", { waitingAges: [10 * day] }, "month"],
    ["beyond a month is left to the full look", { waitingAges: [40 * day] }, "day"],
    ["is looked for in the widest range that is due", { waitingAges: [2 * day, 10 * day] }, "month"],
    ["is not looked for again at once", { waitingAges: [2 * day], lookedAgo: { week: hour } }, "day"],
    [
      "is looked for again after a 24th part of its age",
      { waitingAges: [2 * day], lookedAgo: { week: 2 * hour } },
      "week",
    ],
    [
      "was looked for by a look at a wider range as well",
      { waitingAges: [2 * day], lookedAgo: { all: hour } },
      "day",
    ],
    [
      "is looked for again after a look that lies in the future",
      { waitingAges: [2 * day], lookedAgo: { week: -hour } },
      "week",
    ],
    [
      "in a week does not keep one in a month from being looked for",
      { waitingAges: [2 * day, 10 * day], lookedAgo: { week: hour } },
      "month",
    ],
    [
      "in a month was looked for does not keep one in a week",
      { waitingAges: [2 * day, 10 * day], lookedAgo: { month: 3 * hour } },
      "week",
    ],
    ["was looked for just now", { waitingAges: [2 * day], lookedAgo: { week: 0 } }, "day"],
    ["makes no range narrower", { watermark: 10 * day, waitingAges: [2 * day] }, "month"],
    ["is covered when the range is that wide anyway", { watermark: 3 * day, waitingAges: [2 * day] }, "week"],
  ] satisfies [string, Case, QueryRange][])("%s", async (_, given, range) => {
    expect(await chosen(given)).toBe(range);
  });
});
