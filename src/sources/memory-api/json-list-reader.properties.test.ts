import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListedPiece } from "./item-reader.ts";
import { JsonListReader } from "./json-list-reader.ts";

interface Options {
  /** Sizes of the pieces that the text comes in, in turn. */
  sizes?: readonly number[];
  maxItemBytes?: number;
}

function read(text: string | Buffer, { sizes = [1e9], maxItemBytes = 1e9 }: Options = {}) {
  const pieces: ListedPiece[] = [];
  const reader = new JsonListReader({
    name: "memories",
    maxItemBytes,
    onPiece: (piece) => pieces.push({ ...piece, bytes: Buffer.from(piece.bytes) }),
    isItem: (bytes) => "id" in (parsed(bytes) as object),
  });
  const bytes = Buffer.from(text);
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  const end = reader.end();
  const shown = pieces.map(({ bytes, isBounded }) =>
    isBounded ? parsed(bytes) : { broken: bytes.toString() },
  );
  return { ...end, pieces, shown, work: reader.work };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return { broken: bytes.toString().trim() };
  }
}

const good = (id: string) => ({
  id,
  created_at: "2025-01-01",
  transcript: `says "${id}", and {more}`,
  tags: ["a"],
});
const list = (...items: string[]) => `{"memories":[${items.join(",")}],"count":${items.length}}`;

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
