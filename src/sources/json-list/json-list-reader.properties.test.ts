import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { good, list, readJsonList as read } from "../../../test/support/read-json-list.ts";

describe("a list of JSON items", () => {
  it("gives the same as JSON.parse, wherever the chunks are cut", () => {
    const documents = fc.record({
      before: fc.dictionary(fc.string(), fc.jsonValue()),
      items: fc.array(fc.jsonValue()),
      after: fc.dictionary(fc.string(), fc.jsonValue()),
      space: fc.constantFrom(undefined, 1, "\t"),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(documents, sizes, ({ before, items, after, space }, sizes) => {
        const document = { before, memories: items, after };
        const text = JSON.stringify(document, null, space);
        expect(read(text, { sizes })).toMatchObject({
          shown: JSON.parse(JSON.stringify(items)),
          surroundings: { ...JSON.parse(text), memories: [] },
          isWhole: true,
          doubt: null,
        });
      }),
    );
  });

  it("is given up when a megabyte has come without it", () => {
    expect(() => read(Buffer.alloc(1_200_000, "x"), { sizes: [65_536] })).toThrow(SyntaxError);
  });
});

describe("items that nobody has touched", () => {
  const noise = fc.string({
    unit: fc.constantFrom(..."{}[]\",:\\x1 \n'", '"},{"', '":', "]}"),
    maxLength: 6,
  });
  const mangling = fc.record({ at: fc.nat(), drop: fc.nat(12), insert: noise });
  const item = fc.record({
    text: fc.string({ unit: "grapheme" }),
    mangled: fc.option(mangling, { freq: 2 }),
  });

  it("are handed over, whatever was done to the bytes of others", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), fc.integer({ min: 1, max: 99 }), (items, size) => {
        const texts = items.map(({ text, mangled }, n) => {
          const whole = JSON.stringify({ ...good(`m${n}`), transcript: text });
          if (mangled === null) return whole;
          const at = mangled.at % whole.length;
          return whole.slice(0, at) + mangled.insert + whole.slice(at + mangled.drop);
        });
        const text = list(...texts);
        // Where it is JSON all the same, nobody can tell what was meant.
        fc.pre(items.every(({ mangled }) => mangled === null) || !isJson(text));
        const { shown } = read(text, { sizes: [size] });
        const untouched = texts.filter((_, n) => items[n]?.mangled === null).map((text) => JSON.parse(text));
        for (const memory of untouched) expect(shown).toContainEqual(memory);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['{"id":"x","tags":[', '{"id":"y"}]}'],
    ['{"id":"x","tags":[', '{"id":"y", b}]}'],
    ['{"id":"x","tags":[1,', "2]}"],
  ])("are handed over although %s and %s enclose them, whose brackets balance", (opening, closing) => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => JSON.stringify(good(id))) as [
      string,
      string,
      string,
      string,
    ];
    for (const size of [1, 7, 1_000]) {
      const { shown, doubt } = read(list(a, opening, b, c, closing, d), { sizes: [size] });
      for (const id of ["a", "b", "c", "d"]) expect(shown).toContainEqual(good(id));
      expect(shown).toContainEqual({ broken: expect.stringContaining('"x"') });
      expect(doubt).not.toBeNull();
    }
  });

  it.each(['{"id":"b","x":[1', '{"a":[', ',{"a":[1', '"', "{'x", '{"id":1'])(
    "cost time that grows with the bytes, however many others begin with %s",
    (broken) => {
      const workFor = (count: number) => {
        const text = list(
          ...Array.from({ length: count }, (_, n) => (n % 2 ? broken : JSON.stringify(good(`m${n}`)))),
        );
        return read(text, { sizes: [65_536], maxItemBytes: 1_000_000 }).work / text.length;
      };
      expect(workFor(20_000)).toBeLessThan(12);
    },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
