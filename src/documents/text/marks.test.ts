import { expect, test } from "vitest";
import { processorMsSince } from "../../../test/support/processor-time.ts";
import { findHandles, findHashtags, findLinks, withoutMarks } from "./marks.ts";

test("hashtags of any script are found, numbers and anchors of links are not", () => {
  const text =
    "#Summer_2023, (#café) #日本 #1 a#b https://example.com/x#part &#39; ##double #e\u0301te\u0301";
  expect(findHashtags(text)).toEqual(["Summer_2023", "café", "日本", "e\u0301te\u0301"]);
});

test("handles are found, addresses of mail are not", () => {
  expect(findHandles("@jürgen met @bob_2. Write to ana@example.org or @x.y!")).toEqual([
    "@jürgen",
    "@bob_2",
    "@x.y",
  ]);
});

test("links lose the punctuation of their sentence and must be links", () => {
  const text =
    "See https://example.com/x?a=b. (http://b.org/c), HTTPS://D.org! ftp://e.org http:// https://[";
  expect(findLinks(text)).toEqual(["https://example.com/x?a=b", "http://b.org/c", "HTTPS://D.org"]);
});

test("a link of a thousand characters is left out", () => {
  expect(findLinks(`https://example.com/${"x".repeat(1000)}`)).toEqual([]);
});

test("what remains holds neither marks nor markup", () => {
  const rest = withoutMarks("<b>Bob</b> &amp; Alice @ana #tag https://example.com < 3 > 2");
  expect(rest.split(/[\s,]+/u).filter(Boolean)).toEqual(["Bob", "Alice", "<", "3", ">", "2"]);
});

test.each([
  "#".repeat(50_000),
  "@".repeat(50_000),
  "<".repeat(50_000),
  "&".repeat(50_000),
  "https://".repeat(12_000),
])("a text of one repeated sign (%#) is searched in no time", (text) => {
  const started = process.cpuUsage();
  findHashtags(text);
  findHandles(text);
  findLinks(text);
  withoutMarks(text);
  expect(processorMsSince(started)).toBeLessThan(500);
});
