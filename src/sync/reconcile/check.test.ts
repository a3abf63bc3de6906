import { expect, test } from "vitest";
import { driftKinds, isInStep } from "../../domain/drift-report.ts";
import { DriftTally } from "./check.ts";

test("differences are counted by kind, with the first five as examples", () => {
  const tally = new DriftTally();
  for (let count = 1; count <= 7; count += 1) tally.add("missing", `m${count}`);
  tally.add("orphaned", "o");
  const none = { count: 0, examples: [] };
  expect(tally.toDrift()).toEqual({
    missing: { count: 7, examples: ["m1", "m2", "m3", "m4", "m5"] },
    failed: none,
    changed: none,
    forgotten: none,
    orphaned: { count: 1, examples: ["o"] },
    unsent: none,
    vanished: none,
  });
});

test.each(driftKinds)("a memory that is %s is out of step, unless only the source lacks it", (kind) => {
  const tally = new DriftTally();
  expect(isInStep(tally.toDrift())).toBe(true);
  tally.add(kind, "m");
  expect(isInStep(tally.toDrift())).toBe(kind === "vanished");
});
