import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("keys stand in one order at every depth, whatever order they were written in", () => {
  expect(canonicalJson({ b: [{ d: 1, c: "x" }], a: null, "\u20ac": 1, "\ud83d\ude00": 2, ﬀ: 3 })).toBe(
    '{"a":null,"b":[{"c":"x","d":1}],"\u20ac":1,"\ud83d\ude00":2,"ﬀ":3}',
  );
});

test("numbers and texts are written as RFC 8785 asks for", () => {
  expect(canonicalJson([1e21, 0.000001, 1e-7, -0, 4.5, '\u000f\n"\\/é'])).toBe(
    '[1e+21,0.000001,1e-7,0,4.5,"\\u000f\\n\\"\\\\/é"]',
  );
});

test("any JSON value means the same in its canonical spelling, which is the only one", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      const read: unknown = JSON.parse(text);
      expect(read).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(read)).toBe(text);
    }),
  );
});

test("what is no JSON is refused", () => {
  for (const value of [undefined, Number.NaN, [() => 1]])
    expect(() => canonicalJson(value)).toThrow("no JSON");
});
