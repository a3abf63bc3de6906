import * as fc from "fast-check";
import { expect, test } from "vitest";
import { standingOf } from "./connector.ts";
import { type ConnectorState, ranks, stateOf } from "./connector-state.ts";
import { headline } from "./headline.ts";
import { connectorStatus, run } from "./test-connectors.ts";

const standing = (ranks: Record<string, ConnectorState["rank"]>, forPerson = 0) =>
  Object.entries(ranks).map(([id, rank], at) => ({
    id,
    state: { rank, forPerson: at === 0 ? forPerson : 0 },
  }));

test.each<[string, Record<string, ConnectorState["rank"]>]>([
  ["Nothing is carried yet.", {}],
  ["The one connector is up to date.", { a: "fine" }],
  ["Both connectors are up to date.", { a: "fine", b: "fine" }],
  [
    "Two of four connectors are held up. Only museum needs you.",
    { museum: "needs you", b: "waits", c: "fine", d: "at rest" },
  ],
  ["One of two connectors is held up. It goes on by itself.", { a: "waits", b: "fine" }],
  ["Two of two connectors are held up. a and b need you.", { a: "needs you", b: "needs you" }],
  ["nina is at work. Nothing needs you.", { nina: "at work", b: "fine" }],
  ["All three connectors are up to date.", { a: "fine", b: "fine", c: "fine" }],
  ["Both connectors are at rest.", { a: "at rest", b: "at rest" }],
  ["Nothing needs you.", { a: "at rest", b: "fine" }],
])("%s", (sentence, ranks) => {
  expect(headline(standing(ranks))).toBe(sentence);
});

test.each<[string, Record<string, ConnectorState["rank"]>]>([
  ["The one connector is up to date, but 5 memories wait for a person.", { a: "fine" }],
  ["Both connectors are at rest, but 5 memories wait for a person.", { a: "at rest", b: "at rest" }],
  ["5 memories wait for a person.", { a: "at rest", b: "fine" }],
  ["nina is at work. 5 memories wait for a person.", { nina: "at work", b: "fine" }],
  [
    "One of two connectors is held up. It goes on by itself, but 5 memories wait for a person.",
    { a: "fine", b: "waits" },
  ],
  [
    "One of two connectors is held up. museum needs you, and 5 memories wait for a person.",
    { a: "fine", museum: "needs you" },
  ],
])("with dead letters: %s", (sentence, ranks) => {
  expect(headline(standing(ranks, 5))).toBe(sentence);
});

const now = Date.parse("2025-09-21T13:42:00Z");
const times = fc.constantFrom(null, "2025-09-21T12:00:00Z");

/** What a connector may say of itself, contradictions included. */
const statuses = fc
  .record({
    enabled: fc.boolean(),
    pausedAt: times,
    overdueSince: times,
    lastRun: fc.option(
      fc.record({
        outcome: fc.constantFrom(
          "success",
          "partial",
          "failed",
          "cancelled",
          "interrupted",
          "running" as const,
        ),
        counts: fc.record({ failed: fc.nat(2) }).map((some) => ({ ...run().counts, ...some })),
      }),
    ),
    dead: fc.nat(2),
    deadMedia: fc.nat(1),
  })
  .map(({ lastRun, dead, deadMedia, ...said }) => ({
    ...standingOf(connectorStatus({ memories: { processed: 3, dead } })),
    ...said,
    ...{ deadMedia, lastRun: lastRun && run(lastRun) },
  }));

test("the headline says of no connector what its row does not say", () => {
  fc.assert(
    fc.property(fc.array(statuses, { minLength: 1, maxLength: 6 }), (all) => {
      const rows = all.map((status, at) => ({ id: `c${at}`, state: stateOf(status, now) }));
      const said = headline(rows);
      const idsOf = (rank: ConnectorState["rank"]) =>
        rows.filter(({ state }) => state.rank === rank).map(({ id }) => id);
      const [needs, dead] = [idsOf("needs you"), rows.some(({ state }) => state.forPerson > 0)];
      if (needs.length <= 3) {
        const [, named = ""] = /(?:^|\. )(?:Only )?((?:c\d(?:, | and )?)+) needs? you/u.exec(said) ?? [];
        expect([said, named.match(/c\d/gu) ?? []]).toEqual([said, needs]);
      }
      expect([said, / needs? you/u.test(said.replace("Nothing needs you", ""))]).toEqual([
        said,
        needs.length > 0,
      ]);
      expect([said, /for a person/u.test(said)]).toEqual([said, dead]);
      expect([said, /Nothing needs you|up to date\.|Only /u.test(said) && dead]).toEqual([said, false]);
      const allAre = /^(?:The one connector is|(?:All|Both) [\w ]+ are) (up to date|at rest)/u.exec(
        said,
      )?.[1];
      const rank = allAre === "at rest" ? "at rest" : "fine";
      if (allAre !== undefined) expect([said, idsOf(rank).length]).toEqual([said, rows.length]);
      expect(ranks.reduce((sum, each) => sum + idsOf(each).length, 0)).toBe(rows.length);
    }),
    { numRuns: 1_000 },
  );
});

test("a row that shows dead letters says so, or what is more urgent", () => {
  fc.assert(
    fc.property(statuses, (status) => {
      const { rank, why, forPerson } = stateOf(status, now);
      expect(forPerson).toBe((status.memories.dead ?? 0) + status.deadMedia);
      if (rank === "fine") expect([why, /for a person/u.test(why)]).toEqual([why, forPerson > 0]);
    }),
  );
});
