import type { ListedPiece } from "../../src/sources/json-list/item-reader.ts";
import { JsonListReader } from "../../src/sources/json-list/json-list-reader.ts";

interface Options {
  /** Sizes of the pieces that the text comes in, in turn. */
  sizes?: readonly number[];
  maxItemBytes?: number;
  path?: readonly string[];
}

/** What a `JsonListReader` makes of a text: its items as values, broken ones as their text. */
export function readJsonList(
  text: string | Buffer,
  { sizes = [1e9], maxItemBytes = 1e9, path = ["memories"] }: Options = {},
) {
  const pieces: ListedPiece[] = [];
  const reader = new JsonListReader({
    path,
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

/** An item with a text that is hard to read. */
export const good = (id: string) => ({
  id,
  created_at: "2025-01-01",
  transcript: `says "${id}", and {more}`,
  tags: ["a"],
});
/** An answer with these items. */
export const list = (...items: string[]) => `{"memories":[${items.join(",")}],"count":${items.length}}`;
