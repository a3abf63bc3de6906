import { expect, test } from "vitest";
import { requireCompanions } from "../operations/input-rules.ts";
import { requireOrderedRange } from "../operations/moments.ts";
import { toProblem } from "./problem.ts";

const companions = [{ key: "radiusKm", beside: "near", reason: "a radius needs a centre" }];

test.each([
  ["RANGE_REVERSED", "since", () => requireOrderedRange({ since: 2, until: 1 })],
  ["OPTION_INEFFECTIVE", "radiusKm", () => requireCompanions({ radiusKm: 5 }, companions)],
])(
  "%s names its field among the problems, as every problem of an input is named, and says what helps once",
  (code, field, broken) => {
    let thrown: unknown;
    try {
      broken();
    } catch (error) {
      thrown = error;
    }
    const { title, ...problem } = toProblem(thrown as Parameters<typeof toProblem>[0], "r");
    expect(problem).toMatchObject({ code, status: 400, subject: field });
    expect(problem.problems).toEqual([{ path: field, reason: title, hint: null }]);
  },
);
