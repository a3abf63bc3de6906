import { createHash } from "node:crypto";

const nul = "\u0001\u0002";
const one = "\u0001\u0003";
/** Stands in no stored text: there U+0001 has U+0002 or U+0003 behind it. */
const shortened = "\u0001\u0004";

/**
 * PostgreSQL's text holds every character but U+0000. That one and U+0001 are written as two characters, which keeps texts apart and in their order by
 * code points (the columns have the collation "C"). Half a surrogate pair becomes U+FFFD, as in any UTF-8.
 */
export function storedText(text: string): string {
  return text.toWellFormed().replaceAll("\u0001", one).replaceAll("\0", nul);
}

/** The text that `storedText` was given. */
export function textOf(stored: string): string {
  return stored.replaceAll(nul, "\0").replaceAll(one, "\u0001");
}

/** An entry of an index has room for three keys of this size. Bytes. */
const longestKeyBytes = 600;
const shortenedKeyBytes = 500;

/**
 * An id as a key: itself, or of a very long one its beginning and its SHA-256. So the order of ids by code points holds, but for those that have
 * their first 500 bytes in common.
 */
export function keyOf(id: string): string {
  const text = storedText(id);
  if (Buffer.byteLength(text) <= longestKeyBytes) return text;
  const beginning = Buffer.from(text).subarray(0, shortenedKeyBytes).toString("utf8");
  const hash = createHash("sha256").update(text).digest("hex");
  return `${beginning.replace(/\ufffd+$/u, "")}${shortened}${hash}`;
}

/** Whether a key is not the whole id, which is then kept beside it. */
export function isShortened(key: string): boolean {
  return key.includes(shortened);
}
