import { expect, test } from "vitest";
import { RunReport } from "./report.ts";

test("a memory that fails more than once in a run is named once, and counted each time", () => {
  const report = new RunReport(
    "one",
    { runId: "r", trigger: "cli" } as ConstructorParameters<typeof RunReport>[1],
    0,
  );
  const error = { code: "SINK_BUSY", message: "later", hint: "wait" } as const;
  for (const id of ["a", "a", "b", "a"]) report.addError(error, id);
  expect(report.toRecord("partial", 1).errors).toEqual([{ ...error, count: 4, examples: ["a", "b"] }]);
});
