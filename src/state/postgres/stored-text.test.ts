import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { isShortened, keyOf, storedText, textOf } from "./stored-text.ts";

/** Rich in what has to be written otherwise. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\0", "\u0001", "\u0002", "\u0003", "\u0004"),
    fc.string({ unit: "grapheme", maxLength: 1 }),
  ),
  maxLength: 12,
});

test("any text comes back, without the one character that PostgreSQL refuses, and in its order", () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(textOf(storedText(one))).toBe(one);
      expect(storedText(one)).not.toContain("\0");
      const order = Buffer.compare(Buffer.from(storedText(one)), Buffer.from(storedText(other)));
      expect(Math.sign(order)).toBe(Math.sign(compareCodePoints(one, other)));
    }),
  );
});

test("an id of any length has a key of a bounded one, and two ids never have the same", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 900 }), anyText, (beginning, length, end) => {
      const id = beginning + "é".repeat(length) + end;
      expect(Buffer.byteLength(keyOf(id))).toBeLessThanOrEqual(600);
      expect(keyOf(`${id}a`)).not.toBe(keyOf(`${id}b`));
      if (!isShortened(keyOf(id))) expect(textOf(keyOf(id))).toBe(id);
    }),
  );
});
