import fc from "fast-check";
import { expect, test } from "vitest";
import { believedDue } from "./believed-due.ts";

test("nothing is ever waited for longer than the longest wait, and a time that may be right is left alone", () => {
  const time = fc.integer({ min: -1e13, max: 1e13 });
  fc.assert(
    fc.property(time, time, fc.nat(1e10), (dueAt, now, longestMs) => {
      const believed = believedDue(dueAt, now, longestMs);
      expect(believed - now).toBeLessThanOrEqual(longestMs);
      if (dueAt - now <= longestMs) expect(believed).toBe(dueAt);
    }),
  );
});
