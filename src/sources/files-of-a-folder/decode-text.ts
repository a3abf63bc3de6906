import { encodingAdvice } from "../../kernel/errors/setting-advice.ts";
import { Utf8Stream } from "../../kernel/util/decode/charset.ts";

/** What is said of a file that is no text. */
export const noText = {
  code: "MEMORY_UNDECODABLE",
  problem: "it holds bytes that are no text in UTF-8",
  advice: encodingAdvice,
} as const;

/**
 * The text of a file: UTF-8, or UTF-16; else what `encoding` names, for a folder may have files of an older program among others. `isWhole` is false
 * where bytes are no text; the rest of it is readable.
 */
export function decodeText(bytes: Buffer, encoding: string | null): { text: string; isWhole: boolean } {
  const read = decoded(bytes, null);
  return read.isWhole || encoding === null ? read : decoded(bytes, encoding);
}

function decoded(bytes: Buffer, label: string | null): { text: string; isWhole: boolean } {
  const stream = new Utf8Stream(label);
  const utf8 = Buffer.concat([stream.push(bytes), stream.end()]);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(utf8), isWhole: true };
  } catch {
    return { text: new TextDecoder("utf-8").decode(utf8), isWhole: false };
  }
}
