import fc from "fast-check";
import { expect, test } from "vitest";
import { objectMembers } from "./json-scan.ts";

function members(text: string): Record<string, unknown> {
  const bytes = Buffer.from(text);
  return Object.fromEntries(
    [...objectMembers(bytes)].map(({ key, start, end }) => [
      key,
      JSON.parse(bytes.toString("utf8", start, end)),
    ]),
  );
}

test("every member of an object is found whatever its values hold", () => {
  const dictionary = fc.dictionary(
    fc.string({ unit: "binary" }).filter((key) => key !== "__proto__"),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(dictionary, fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(members(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 50 },
  );
});

test("every item of an array is found, and what follows it", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 2 })), fc.boolean(), (items, all) => {
      const bytes = Buffer.from(JSON.stringify({ items, after: 1 }));
      const found: unknown[] = [];
      const keys = Array.from(objectMembers(bytes), (member) => {
        for (const { start, end } of member.key === "items" ? member.items() : []) {
          found.push(JSON.parse(bytes.toString("utf8", start, end)));
          if (!all) break;
        }
        return member.key;
      });
      expect(keys).toEqual(["items", "after"]);
      expect(found).toEqual(JSON.parse(JSON.stringify(items)).slice(0, all ? items.length : 1));
    }),
  );
});

test("a quote behind an escaped backslash ends its string", () => {
  expect(members(String.raw`{"a\\": "b\\", "c": "\"}"}`)).toEqual({ "a\\": "b\\", c: '"}' });
});

test.each(["", "[]", '{"a"', '{"a": ', '{"a": "b', '{"a": {"b": 1}', '{"a": 1', '{"a": 1 "b": 2}', '{"a":}'])(
  "a file cut short is an error: %s",
  (text) => {
    expect(() => members(text)).toThrow(SyntaxError);
  },
);
