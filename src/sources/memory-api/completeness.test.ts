import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noClues } from "../json-list/answer-clues.ts";
import {
  agedOut,
  assess,
  assessEnd,
  contradicted,
  type ListingLimits,
  looksLikeCap,
  mayBeCut,
  type ServerCap,
  type ShownList,
} from "./completeness.ts";
import { type ListingLore, noLore } from "./listing-lore.ts";

const limits = (serverCap: ServerCap = "unknown", maxLimit = 10_000): ListingLimits => ({
  maxLimit,
  serverCap,
});
const shown = (limit: number, received: number, change: Partial<ShownList> = {}): ShownList => ({
  range: "all",
  limit,
  received,
  clues: noClues,
  hasOldest: null,
  ...change,
});
const counted = (value: number, name = "total") => ({ clues: { ...noClues, total: { name, value } } });
const knows = (lore: Partial<ListingLore>): ListingLore => ({ ...noLore, ...lore });
const lastWhole = (length: number): Partial<ListingLore> => ({
  lists: { all: { limit: 2_000, length, oldestId: "o", oldestAt: 0 } },
  largest: length,
});

describe("a list", () => {
  it("is complete when fewer came than asked for and nothing else was said", () => {
    for (const received of [0, 1, 42, 99])
      expect(assess(shown(100, received), limits(), noLore)).toEqual({ kind: "complete" });
  });

  it("is asked for again with ten times the limit when it is full, up to the ceiling", () => {
    expect(assess(shown(150, 150), limits(), noLore)).toEqual({ kind: "ask-larger", limit: 1_500 });
    expect(assess(shown(2_000, 2_000), limits(), noLore)).toEqual({ kind: "ask-larger", limit: 10_000 });
    expect(assess(shown(10, 10), limits(50), noLore)).toEqual({ kind: "ask-larger", limit: 50 });
  });

  it("is truncated when it is full at the ceiling, or at the server's stated cap", () => {
    expect(assess(shown(10_000, 10_000), limits(), noLore)).toMatchObject({
      kind: "truncated",
      reason: expect.stringContaining("raise max_limit"),
    });
    expect(assess(shown(1_000, 250), limits(250), noLore)).toMatchObject({
      kind: "truncated",
      reason: expect.stringContaining("server_cap: 250"),
    });
    expect(assess(shown(1_000, 100), limits(250), noLore)).toEqual({ kind: "complete" });
  });

  it("is never called complete when it is full", () => {
    const caps = fc.oneof(
      fc.constant("unknown" as const),
      fc.constant("none" as const),
      fc.integer({ min: 1, max: 2_000 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(500), caps, (limit, excess, cap) => {
        expect(assess(shown(limit, limit + excess), limits(cap), noLore).kind).not.toBe("complete");
      }),
    );
  });
});

describe("what the answer itself says", () => {
  it("beats its length: a total, a flag, a part", () => {
    expect(assess(shown(100, 20, counted(47)), limits(), noLore)).toMatchObject({
      kind: "truncated",
      reason: expect.stringContaining("counts 47 memories and shows 20"),
    });
    expect(
      assess(shown(100, 20, { clues: { ...noClues, more: "has_more: true" } }), limits(), noLore),
    ).toMatchObject({
      kind: "truncated",
      reason: expect.stringMatching(/has_more: true.*set paging/),
    });
    expect(
      assess(shown(100, 20, { clues: { ...noClues, part: "206 Partial Content" } }), limits(), noLore).kind,
    ).toBe("truncated");
  });

  it("names the paging that it speaks of", () => {
    const with_ = (next: Record<string, string>) =>
      assess(shown(100, 20, { clues: { ...noClues, more: "next", next } }), limits(), noLore);
    expect(with_({ cursor: "x" })).toMatchObject({
      reason: expect.stringContaining('set paging to "cursor"'),
    });
    expect(with_({ page: "2" })).toMatchObject({ reason: expect.stringContaining('set paging to "page"') });
    expect(with_({ offset: "20" })).toMatchObject({
      reason: expect.stringContaining('set paging to "offset"'),
    });
  });

  it("is no evidence when it counts less than is there, or as much", () => {
    for (const total of [0, 19, 20])
      expect(assess(shown(100, 20, counted(total)), limits(), noLore)).toEqual({ kind: "complete" });
  });

  it("about a narrower range is a doubt only: the total may count everything; once that is known, it is none", () => {
    const list = shown(100, 36, { range: "week", ...counted(369) });
    expect(assess(list, limits(), noLore)).toMatchObject({ kind: "doubtful", about: "total" });
    expect(assess(list, limits(), knows({ totalOfAll: true }))).toEqual({ kind: "complete" });
  });

  it("of a size is a page's length when it is the limit, and else counts the list", () => {
    const size = (value: number) =>
      assess(shown(100, 20, { clues: { ...noClues, size: { name: "size", value } } }), limits(), noLore).kind;
    expect([size(100), size(20), size(47)]).toEqual(["complete", "complete", "truncated"]);
  });

  it("of the length of its pages is a doubt when a page is full by it", () => {
    const clues = { ...noClues, pageLimit: { name: "per_page", value: 30 } };
    expect(assess(shown(100, 30, { clues }), limits(), noLore)).toMatchObject({
      kind: "doubtful",
      about: "length",
    });
    expect(assess(shown(100, 29, { clues }), limits(), noLore)).toEqual({ kind: "complete" });
    expect(
      assess(
        shown(20, 19, { clues: { ...noClues, pageLimit: { name: "limit", value: 20 } } }),
        limits(),
        noLore,
      ),
    ).toEqual({ kind: "complete" });
  });

  it("is not asked for when a person has said that the server has no cap", () => {
    expect(assess(shown(5_000, 500, counted(900)), limits("none"), noLore)).toEqual({ kind: "complete" });
    expect(assess(shown(500, 500), limits("none"), noLore).kind).toBe("ask-larger");
  });
});

describe("the length of a list", () => {
  it.each([50, 64, 100, 200, 250, 256, 500, 512, 1_000])(
    "of %i is that of a cap, whatever the limit",
    (received) => {
      for (const limit of [received + 1, received * 4, 5_000])
        expect(assess(shown(limit, received), limits(), noLore)).toMatchObject({
          kind: "doubtful",
          reason: expect.stringContaining(`server_cap to ${received}`),
        });
    },
  );

  it.each([3, 25, 37, 5_555])(
    "that filled the first limit, %i, and no larger one is that of a cap",
    (limit) => {
      const filled = { limit, isFirst: true };
      expect(assess(shown(limit * 10, limit, { filled }), limits(), noLore).kind).toBe("doubtful");
      expect(assess(shown(limit * 10, limit + 1, { filled }), limits(), noLore).kind).toBe("complete");
    },
  );

  it.each([
    [1_025, false],
    [2_000, true],
    [2_050, false],
  ])("of %i is no common one, and filled the first limit: %j", (received, isFirst) => {
    const filled = { limit: received, isFirst };
    const kind = isFirst ? "doubtful" : "complete";
    expect(assess(shown(received * 10, received, { filled }), limits("unknown", 100_000), noLore).kind).toBe(
      kind,
    );
    expect(assess(shown(5_000, received), limits(), noLore).kind).toBe("complete");
  });

  it("that is a large step of our own limits is no evidence", () => {
    const all = shown(200_000, 100_000, { filled: { limit: 100_000, isFirst: false } });
    expect(assess(all, limits("unknown", 200_000), noLore)).toEqual({ kind: "complete" });
    const small = shown(300, 30, { filled: { limit: 30, isFirst: false } });
    expect(assess(small, limits(), noLore).kind).toBe("doubtful");
    expect(assess(shown(700, 70), limits(), noLore)).toEqual({ kind: "complete" });
  });

  it("is no doubt when the server says that this is all, by a flag or by a total", () => {
    expect(assess(shown(500, 100, { clues: { ...noClues, last: true } }), limits(), noLore)).toEqual({
      kind: "complete",
    });
    expect(assess(shown(500, 100, counted(100)), limits(), noLore)).toEqual({ kind: "complete" });
    for (const name of ["count", "memory_count", "meta.itemsCount"])
      expect(assess(shown(500, 100, counted(100, name)), limits(), noLore).kind).toBe("doubtful");
  });

  it("is no doubt once the server has shown more, or while it shows the oldest memory of a whole list", () => {
    expect(assess(shown(2_000, 1_000), limits(), knows({ largest: 1_001 }))).toEqual({ kind: "complete" });
    expect(assess(shown(2_000, 1_000, { hasOldest: true }), limits(), knows(lastWhole(999)))).toEqual({
      kind: "complete",
    });
  });
});

describe("a list that lost its oldest memory", () => {
  it("and is no shorter than before is pushed on by new ones, whatever its length", () => {
    expect(assess(shown(100, 37, { hasOldest: false }), limits(), knows(lastWhole(37)))).toMatchObject({
      kind: "truncated",
      cap: 37,
      reason: expect.stringContaining("push old ones off"),
    });
    expect(assess(shown(100, 37, { hasOldest: false }), limits(), knows(lastWhole(36)))).toMatchObject({
      cap: 37,
    });
  });

  it("and is shorter has lost it by a deletion", () => {
    expect(assess(shown(100, 36, { hasOldest: false }), limits(), knows(lastWhole(37)))).toEqual({
      kind: "complete",
    });
  });

  it.each([
    [2_030, 2_000, "shorter"],
    [42, 40, "shorter"],
    [42, 41, null],
    [42, 39, null],
    [41, 40, null],
    [80, 75, "shorter"],
    [70, 64, "shorter"],
    [70, 0, null],
  ])("and had %i before and has a rounded length now is doubted: %i, %j", (before, received, about) => {
    const list = shown(5_000, received, { hasOldest: false });
    const assessment = assess(list, limits(), knows(lastWhole(before)));
    expect(assessment).toMatchObject(about === null ? { kind: "complete" } : { kind: "doubtful", about });
    if (assessment.kind === "doubtful")
      expect(assessment.reason).toContain("fewer than before, the oldest ones are gone");
    const said = { ...list, clues: { ...noClues, last: true } };
    expect(assess(said, limits(), knows(lastWhole(before)))).toEqual({ kind: "complete" });
  });

  it("stays doubted at that length, and not when it grows past it or falls below", () => {
    const lore = knows({ ...lastWhole(37), cap: 37 });
    expect(assess(shown(100, 37, { hasOldest: false }), limits(), lore).kind).toBe("truncated");
    expect(assess(shown(100, 38, { hasOldest: false }), limits(), lore)).toEqual({ kind: "complete" });
    expect(assess(shown(100, 36, { hasOldest: false }), limits(), lore)).toEqual({ kind: "complete" });
  });
});

it("the end of a walk through pages is judged without the limit of a page", () => {
  expect(assessEnd(shown(50, 120), limits(), noLore)).toEqual({ kind: "complete" });
  expect(assessEnd(shown(50, 120, counted(121)), limits(), noLore).kind).toBe("truncated");
});

it.each([
  [49, false],
  [50, true],
  [64, true],
  [75, false],
  [128, true],
  [150, true],
  [1_000, true],
  [1_024, true],
  [1_050, false],
  [2_048, false],
])("a list of %i has the length of a common cap: %j", (length, isSo) => {
  expect(looksLikeCap(length)).toBe(isSo);
});

describe("it is worth a request to see what stands behind a list", () => {
  const last = { clues: { ...noClues, last: true } };

  it.each<[string, ShownList, ServerCap, Partial<ListingLore>, boolean]>([
    ["that looks whole", shown(100, 20), "unknown", {}, true],
    ["with a count that may be its own length", shown(100, 20, counted(20, "count")), "unknown", {}, true],
    ["as long as the longest before", shown(100, 20), "unknown", { largest: 20 }, true],
    ["that lost its oldest memory", shown(100, 20, { hasOldest: false }), "unknown", {}, true],
    ["but not when it is empty", shown(100, 0), "unknown", {}, false],
    ["but not of a server with a known cap", shown(100, 20), 30, {}, false],
    ["but not of a server without a cap", shown(100, 20), "none", {}, false],
    ["but not when the server says that it is all", shown(100, 20, last), "unknown", {}, false],
    ["but not when a total says so", shown(100, 20, counted(20)), "unknown", {}, false],
    ["but not when the server has shown more", shown(100, 20), "unknown", { largest: 21 }, false],
    ["but not when its oldest memory is there", shown(100, 20, { hasOldest: true }), "unknown", {}, false],
  ])("%s", (_, list, cap, lore, isSo) => {
    expect(mayBeCut(list, limits(cap), knows(lore))).toBe(isSo);
  });
});

describe("a person reads what came, why it is not believed, and what to set", () => {
  const reasonOf = (list: ShownList, cap: ServerCap = "unknown", lore: Partial<ListingLore> = {}) => {
    const assessment = assess(list, limits(cap), knows(lore));
    return "reason" in assessment ? assessment.reason : null;
  };
  const advice = (cap: number) =>
    `set server_cap to ${cap} if that is its cap, or to "none" if it has none, or paging if it has it`;
  const anyPaging = "set paging to the way in which the server pages (cursor, offset or page)";
  const more = { ...noClues, more: "has_more: true" };
  const perPage = { ...noClues, pageLimit: { name: "per_page", value: 30 } };

  it.each([
    [
      reasonOf(shown(300, 250), 250),
      "250 memories came, which is all that the server's cap (server_cap: 250) lets through; set paging if the server has it, or narrow query_range",
    ],
    [
      reasonOf(shown(10_000, 10_000)),
      "10,000 memories came for a limit of 10000; raise max_limit, or set paging if the server has it",
    ],
    [
      reasonOf(shown(100, 1, counted(47))),
      `the server counts 47 memories and shows 1 (total); ${anyPaging}, or server_cap to "none" if its count means something else`,
    ],
    [
      reasonOf(shown(100, 1, { clues: more })),
      `1 memory came, and the server says that there are more (has_more: true); ${anyPaging}, or server_cap to "none" if it shows everything all the same`,
    ],
    [
      reasonOf(shown(500, 50)),
      `50 memories came for a limit of 500, the size of a server's cap; ${advice(50)}`,
    ],
    [
      reasonOf(shown(500, 30, { clues: perPage })),
      `30 memories came for a limit of 500, the size of a server's cap (it says per_page: 30); ${advice(30)}`,
    ],
    [
      reasonOf(shown(300, 30, { filled: { limit: 30, isFirst: true } })),
      `30 memories came for a limit of 300, as many as for 30, the size of a server's cap; ${advice(30)}`,
    ],
    [
      reasonOf(shown(100, 37, { hasOldest: false }), "unknown", lastWhole(37)),
      `37 memories came, no fewer than before, and the oldest ones are gone: new ones seem to push old ones off the list; ${advice(37)}`,
    ],
    [
      reasonOf(shown(100, 40, { hasOldest: false }), "unknown", lastWhole(42)),
      `40 memories came, fewer than before, the oldest ones are gone, and that is the size of a server's cap; ${advice(40)}`,
    ],
    [
      contradicted("all", "month", 7),
      {
        kind: "truncated",
        reason:
          '7 memories came for the range "all", and the range "month" has others: the server cuts its lists off, or does not know the range; set server_cap or paging, or query_range to "month"',
      },
    ],
    [
      agedOut(7, "week"),
      {
        kind: "truncated",
        reason:
          '7 memories came for the range "all", none older than a week, and those that have become older are gone: the server does not seem to know the range; set query_range to "week", or server_cap to "none" if memories are removed from the source at that age',
      },
    ],
  ])("%j", (told, expected) => {
    expect(told).toEqual(expected);
  });
});
