import { createHash } from "node:crypto";
import { cutText } from "../kernel/util/text.ts";

/** Hexadecimal digits: 40 bits. */
const digits = 10;
/**
 * LightRAG has no metadata channel and shows only the first 250 characters of a document (contract §4.2): behind a longer line the
 * fingerprint would not be among them.
 */
const longestLine = 200;

/**
 * Puts a fingerprint of the text, and of whose it is, at the end of its first line: `…, 13:47:05 utc [3dc4fe6fa1]`. It proves later that
 * LightRAG still holds this text, and distinguishes equal texts of different memories, which LightRAG 1.4 would take for one document.
 * It is in lower case and has no name, so that what reads the text for things finds none in it. A text whose first line is empty or
 * long has it on a line of its own. The hash is SHA-256, hex, of the whole text.
 */
export function fingerprinted(owner: readonly string[], body: string): { text: string; contentHash: string } {
  const mark = `[${sha256(JSON.stringify([...owner, body])).slice(0, digits)}]`;
  const end = body.indexOf("\n");
  const first = end < 0 ? body : body.slice(0, end);
  const joins = first.trim() !== "" && cutText(first, longestLine) === first;
  const text = joins ? `${first} ${mark}${body.slice(first.length)}` : `${mark}\n${body}`;
  return { text, contentHash: sha256(text) };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
