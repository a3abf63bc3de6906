import fc from "fast-check";

/** Names that a plain object has already, that sort by themselves in one, or that break what joins and cuts. */
export const awkwardNames: readonly string[] = [
  ...new Set([
    ...Object.getOwnPropertyNames(Object.prototype),
    ...Object.getOwnPropertyNames(Array.prototype),
  ]),
  "prototype",
  "arguments",
  "null",
  "undefined",
  "NaN",
  "true",
  "1000",
  "999",
  "0x10",
  "-100",
  "x<SEP>y",
  "y<SEP>z",
  "x",
  "z",
  "<SEP>",
  "line\nbreak",
  "tab\tstop",
  "a\rb",
  "&amp;",
  "<node id='x'>",
  ']]>"quoted"',
  "ada",
  "Ada",
  "ADA",
  "caf\u00e9",
  "cafe\u0301",
  "\u05e9\u05dc\u05d5\u05dd",
  "\u202eoverride\u202c",
  "\u{1f600}",
  "n".repeat(300),
  "\u00e9".repeat(300),
];

/** Any of them, or any text, as a name that is not empty. */
export const awkwardName: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...awkwardNames) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }) },
);
