import { expect, test } from "vitest";
import { RunReport } from "./run-report.ts";

const error = { code: "SINK_BUSY", message: "later", hint: "wait" } as const;
const newReport = () =>
  new RunReport("one", { runId: "r", trigger: "cli", force: false, wait: true, filter: {} }, 5);

test("a memory that fails more than once in a run is named once, and counted each time", () => {
  const report = newReport();
  for (const id of ["a", "a", "b", "a"]) report.addError(error, id);
  expect(report.toRecord("partial", 1).errors).toEqual([{ ...error, count: 4, examples: ["a", "b"] }]);
});

test("an error names five memories at most, and none when it is the run's own", () => {
  const report = newReport();
  for (const id of "abcdefg") report.addError(error, id);
  report.addError({ ...error, code: "CANCELLED" });
  expect(report.toRecord("partial", 1).errors).toEqual([
    { ...error, count: 7, examples: ["a", "b", "c", "d", "e"] },
    { ...error, code: "CANCELLED", count: 1, examples: [] },
  ]);
});

test("the record is what the run has come to, and what comes later does not change it", () => {
  const report = newReport();
  report.addDuration("deliver", 2.4);
  report.addDuration("deliver", 2.4);
  report.addDuration("connect", 1);
  report.counts.processed = 3;
  report.truncated = "full";
  report.addError(error, "a");
  const record = report.toRecord("partial", 9);
  report.counts.processed = 4;
  report.addError(error, "b");
  report.addDuration("deliver", 1);
  expect(record).toMatchObject({
    runId: "r",
    connectorId: "one",
    trigger: "cli",
    startedAt: 5,
    endedAt: 9,
    outcome: "partial",
    counts: { processed: 3, fetched: 0, deadLetters: 0 },
    phases: { connect: 1, reconcile: 0, discover: 0, deliver: 4 },
    errors: [{ count: 1, examples: ["a"] }],
    truncated: "full",
  });
  expect(record).not.toHaveProperty("scope");
});

test("the record says what the run has looked at, where that is known", () => {
  const report = newReport();
  report.scope = { queryRange: "week", outside: 2 };
  const record = report.toRecord("success", 9);
  report.scope.outside = 3;
  expect(record.scope).toEqual({ queryRange: "week", outside: 2 });
});

test.each([
  [[undefined], { documents: 0, foundSome: false }],
  [[0, undefined, 0], { documents: 2, foundSome: false }],
  [[0, 3, 0], { documents: 3, foundSome: true }],
])("of %j entities it is known in how many documents, and whether there are any", (found, told) => {
  const report = newReport();
  for (const entities of found) report.noteFound(entities);
  expect(report.entityRecords).toEqual(told);
});

test("dead letters of items that cannot be read are no deliveries, and those of deliveries are settled", () => {
  const report = newReport();
  report.counts.dead = 5;
  report.counts.processed = 1;
  report.expectDeliveries(3);
  expect([report.settled, report.expected]).toEqual([1, 4]);
  report.counts.processed += 2;
  report.counts.dead += 1;
  expect([report.settled, report.expected]).toEqual([4, 4]);
});
