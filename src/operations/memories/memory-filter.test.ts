import { expect, test } from "vitest";
import { memoryQueries } from "./memory-filter.ts";

test.each([
  [{}, undefined],
  [{ standing: "not_live" }, ["failed", "dead", "deleting", "deleted"]],
  [{ standing: "live" }, ["discovered", "skipped", "pending", "submitting", "submitted", "processed"]],
  [{ status: "dead", standing: "not_live" }, ["dead"]],
  // Nothing is both.
  [{ status: "processed", standing: "not_live" }, []],
  [{ code: "SINK_BUSY", standing: "not_live" }, ["failed", "dead", "deleting"]],
  [{ code: "SINK_BUSY", standing: "live" }, []],
] as const)("%j asks for the states %j", (filter, statuses) => {
  const [query] = memoryQueries([{ id: "one", timezone: "UTC" }], filter, undefined);
  expect(query?.statuses?.toSorted()).toEqual(statuses && [...statuses].toSorted());
});

const iso = (epochMs: number | undefined) => epochMs && new Date(epochMs).toISOString();

test("a day is one of each connector's calendar, unless another is asked for, and belongs to the span as a whole", () => {
  const connectors = [
    { id: "lisbon", timezone: "Europe/Lisbon" },
    { id: "tokyo", timezone: "Asia/Tokyo" },
  ];
  const day = { day: Date.UTC(2026, 4, 1) / 86_400_000 };
  const spans = (timezone?: string) =>
    memoryQueries(connectors, { since: day, until: day, timezone }, undefined).map(
      ({ connectorId, since, until }) => [connectorId, iso(since), iso(until)],
    );
  expect(spans()).toEqual([
    ["lisbon", "2026-04-30T23:00:00.000Z", "2026-05-01T22:59:59.999Z"],
    ["tokyo", "2026-04-30T15:00:00.000Z", "2026-05-01T14:59:59.999Z"],
  ]);
  expect(spans("UTC").map(([, since]) => since)).toEqual(Array(2).fill("2026-05-01T00:00:00.000Z"));
});
