import fc from "fast-check";
import { expect, test } from "vitest";
import {
  fileSourceOf,
  groupFileSourceOf,
  maxFileSourceBytes,
  parseFileSource,
  parseGroupFileSource,
} from "./file-source.ts";

/** Any string at all: every script, controls, separators, lone surrogates. */
const id = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });

test("a name is flat, bounded and free of characters that LightRAG or a file system would read as structure", () => {
  fc.assert(
    fc.property(id, id, (contextId, memoryId) => {
      const name = fileSourceOf(contextId, memoryId);
      expect(name).not.toMatch(/[/\\:[\]\p{Cc}\p{Cs}\s]/u);
      expect(name.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(maxFileSourceBytes);
    }),
  );
});

test("a name leads back to the ids that it was made of", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 9 }),
      fc.string({ unit: "binary", maxLength: 9 }),
      (contextId, memoryId) => {
        expect(parseFileSource(fileSourceOf(contextId, memoryId))).toEqual({ contextId, memoryId });
      },
    ),
  );
});

test("different pairs of ids never share a name, even when their joined text is the same", () => {
  fc.assert(
    fc.property(id, id, fc.nat(60), (first, second, cut) => {
      const joined = first + second;
      const other: [string, string] = [joined.slice(0, cut), joined.slice(cut)];
      fc.pre(other[0] !== first);
      expect(fileSourceOf(...other)).not.toBe(fileSourceOf(first, second));
    }),
  );
});

test("ids too long for a name give a bounded name that ends in a digest and does not pretend to be reversible", () => {
  const first = fileSourceOf("CTX", `${"long ".repeat(100)}1`);
  const second = fileSourceOf("CTX", `${"long ".repeat(100)}2`);
  expect(first).not.toBe(second);
  expect(Buffer.byteLength(first)).toBeLessThanOrEqual(maxFileSourceBytes);
  expect(parseFileSource(first)).toBeNull();
});

test("names stay readable in any script", () => {
  expect(fileSourceOf("CTX26", "m26-D1-3")).toBe("m26-D1-3@CTX26.md");
  expect(fileSourceOf("дом", "заметка 1")).toBe("заметка%201@дом.md");
});

test("a name of another program is not taken for one of ours", () => {
  for (const foreign of ["notes.md", "a@b@c.md", "a@b.txt", "%zz@c.md", "a b@c.md", "", "@"]) {
    expect(parseFileSource(foreign)).toBeNull();
  }
});

test("no name begins like LightRAG's mark of a cut list, and it leads back all the same", () => {
  for (const id of ["...truncated...", "...truncated...(KEEP Old)", `...truncated${"x".repeat(300)}`]) {
    const name = fileSourceOf("CTX1", id);
    expect(name).toMatch(/^%2E\.\.truncated/u);
    if (id.length < 100) expect(parseFileSource(name)).toEqual({ contextId: "CTX1", memoryId: id });
  }
  expect(groupFileSourceOf("CTX1", "...truncated...~1")).toMatch(/^%2E\.\.truncated/u);
  expect(parseGroupFileSource(groupFileSourceOf("CTX1", "...truncated...~1"))?.groupKey).toBe(
    "...truncated...~1",
  );
  expect(fileSourceOf("CTX1", "..x")).toBe("..x@CTX1.md");
});
