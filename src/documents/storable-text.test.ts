import fc from "fast-check";
import { expect, test } from "vitest";
import { storableText } from "./storable-text.ts";

test("control characters and halves of characters go, line ends become plain, tabs stay", () => {
  expect(storableText("a\u0000b\u0007c\td\r\ne\rf\u007F\u0085\uFFFE g\uD83Dh")).toBe("abc\td\ne\nf gh");
});

test("every printable text is left as it is, and cleaning twice is cleaning once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const clean = storableText(text);
      expect(clean.isWellFormed()).toBe(true);
      expect(storableText(clean)).toBe(clean);
    }),
  );
  expect(storableText("Zoë 👩‍👩‍👧‍👦 \u202Eשלום\n\tمرحبا")).toBe("Zoë 👩‍👩‍👧‍👦 \u202Eשלום\n\tمرحبا");
});
