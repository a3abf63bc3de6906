import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { PieceWindow } from "./piece-window.ts";

const textOf = ({ bytes, start, end }: PieceWindow) => bytes.toString("latin1", start, end);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("bytes that are still needed stay when more come, and positions move by what has gone", () => {
  const window = new PieceWindow();
  expect(window.append(Buffer.from("abc"))).toBe(0);
  window.at = 3;
  window.beginAt(1);
  expect(window.append(Buffer.from("de"))).toBe(1);
  expect([textOf(window), window.at, window.size]).toEqual(["bcde", 2, 4]);
  expect(window.append(Buffer.from("f"))).toBe(0);
  expect([textOf(window), window.at]).toEqual(["bcdef", 2]);
  window.beginAt(window.end);
  expect(window.append(Buffer.from("gh"))).toBe(5);
  expect([textOf(window), window.at, window.start, window.end]).toEqual(["gh", -3, 0, 2]);
});

test("a chunk is not written to, and pieces longer than any chunk come whole", () => {
  const window = new PieceWindow();
  const chunks = Array.from({ length: 9 }, (_, n) => Buffer.alloc(9_000, String(n)));
  for (const chunk of chunks) expect(window.append(chunk)).toBe(0);
  const all = chunks.map(String).join("");
  expect(textOf(window)).toBe(all);
  expect(chunks.map((chunk, n) => chunk.equals(Buffer.alloc(9_000, String(n))))).not.toContain(false);
  expect(window.take(40_000)).toEqual({
    bytes: Buffer.from(all.slice(0, 40_000)),
    size: 40_000,
    isWhole: true,
    digest: null,
  });
});

test("of a piece that is let go the beginning, the last bytes, the size and the digest of all are kept", () => {
  const window = new PieceWindow();
  const parts = ["a", "b", "c"].map((letter) => letter.repeat(100_000));
  const kept = 64 * 1024;
  for (const part of parts) {
    window.append(Buffer.from(part));
    window.shed();
    expect(window.end - window.start).toBe(kept);
  }
  window.append(Buffer.from("end,next"));
  const all = `${parts.join("")}end`;
  expect(window.size).toBe(all.length + 5);
  const piece = window.take(window.end - 5);
  expect(piece).toMatchObject({ size: all.length, isWhole: false, digest: sha256(all) });
  expect(piece.bytes.toString()).toBe(`${"a".repeat(100_000 - kept)}${"c".repeat(kept)}end`);
  window.beginAt(window.end - 4);
  expect([window.size, window.take(window.end)]).toMatchObject([
    4,
    { size: 4, isWhole: true, digest: null, bytes: Buffer.from("next") },
  ]);
});

test("a beginning is no longer than 64 KiB, and a short piece loses nothing", () => {
  const window = new PieceWindow();
  window.append(Buffer.alloc(200_000, "a"));
  window.shed();
  expect(window.take(window.end).bytes).toHaveLength(2 * 64 * 1024);
  window.beginAt(window.end - 10);
  window.shed();
  expect(window.take(window.end)).toMatchObject({
    size: 10,
    bytes: Buffer.alloc(10, "a"),
    digest: sha256("a".repeat(10)),
  });
});
