import { expect, test } from "vitest";
import { memoryQuery } from "./memory-filter.ts";

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
  expect(memoryQuery(filter as Parameters<typeof memoryQuery>[0]).statuses?.toSorted()).toEqual(
    statuses && [...statuses].toSorted(),
  );
});
