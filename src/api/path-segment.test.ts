import fc from "fast-check";
import { expect, test } from "vitest";
import { idOfSegment, pathSegment } from "./path-segment.ts";

const awkward = [
  ".",
  "..",
  "/",
  "a/b",
  "a//b",
  "%2e",
  "%2e%2e",
  "%2F",
  "?",
  "#",
  "~",
  "~~",
  "~~..",
  "a/../b",
];
const ids = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: "grapheme", minLength: 1 }));

test("an id is one segment of a URL, which gives it back whatever it is", () => {
  fc.assert(
    fc.property(ids, ids, (context, memory) => {
      const url = new URL(
        `http://localhost/memories/${pathSegment(context)}/${pathSegment(memory)}/document`,
      );
      const [, first, ...segments] = url.pathname.split("/").map(decodeURIComponent);
      expect([first, ...segments.map(idOfSegment)]).toEqual(["memories", context, memory, "document"]);
    }),
    { numRuns: 1000 },
  );
});
