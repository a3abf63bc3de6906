import * as fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance } from "../../kernel/util/edit-distance.ts";
import { Slips } from "./slips.ts";

/** The same, asked of each name by itself. */
function mayMean(written: string, most: number, name: string): boolean {
  const spaces = written.split(" ").length;
  const words = name.split(" ");
  const begin = words.slice(0, spaces).join(" ");
  const hasLikeWords = most > 0 && words.length > spaces && editDistance(written, begin) <= most;
  return name.startsWith(written) || editDistance(written, name) <= most || hasLikeWords;
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Few letters, so that names are like each other. */
const names = fc.array(
  fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "ñ"), minLength: 1, maxLength: 9 }),
  {
    minLength: 1,
    maxLength: 40,
  },
);
const written = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), minLength: 1, maxLength: 8 });

test("what may be meant is the same name by name, however much of the one before is known", () => {
  fc.assert(
    fc.property(names, written, fc.nat(3), fc.infiniteStream(fc.nat(9)), (all, text, most, less) => {
      const slips = new Slips(text, most);
      let before = "";
      const sorted = [...new Set(all)].toSorted();
      const meant = sorted.filter((name) => {
        const characters = Uint16Array.from(name, (letter) => letter.charCodeAt(0));
        // A file may tell of fewer shared letters than there are.
        const shared = Math.min(sharedLength(before, name), 9 - (less.next().value ?? 0));
        before = name;
        return slips.mayMean(characters, name.length, shared);
      });
      expect(meant).toEqual(sorted.filter((name) => mayMean(text, most, name)));
    }),
    { numRuns: 3_000 },
  );
});

test("a name of any length is looked for", () => {
  const long = "x".repeat(300);
  const slips = new Slips(long, 3);
  const characters = Uint16Array.from(`${long}y`, (letter) => letter.charCodeAt(0));
  expect(slips.mayMean(characters, 301, 0)).toBe(true);
  expect(slips.mayMean(characters.slice(5), 296, 0)).toBe(false);
});
