import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints } from "./code-point-order.ts";

test("the order is that of the UTF-8 bytes, also where UTF-16 units order differently", () => {
  expect("\u{1F600}" < "\uE000").toBe(true);
  expect(compareCodePoints("\u{1F600}", "\uE000")).toBeGreaterThan(0);
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
