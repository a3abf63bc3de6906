import { decodeUtf8 } from "../../kernel/util/decode/utf8.ts";
import { exactInteger } from "./exact-integer.ts";
import { isSpace, JsonStructure, quote } from "./json-structure.ts";
import { skipString } from "./skip-string.ts";

/** The `id` of an item by its bytes, as far as they are in order: of one that is not JSON too, and a number in all its digits. */
export function findId(bytes: Buffer): string | null {
  let name: string | null = null;
  let id: string | null = null;
  for (const { role, token } of membersOf(bytes)) {
    if (role === "name") name = textOf(token);
    else if (name === "id") {
      const found = textOf(token);
      if (id !== null && found !== id) return null;
      id = found;
    }
  }
  return id;
}

/** The names of an object's own members and the first tokens of their values, up to where it is out of order. */
function* membersOf(bytes: Buffer): Generator<{ role: "name" | "value"; token: Buffer }> {
  const structure = JsonStructure.inList();
  let at = 0;
  do {
    const { depth, isBeforeName, isBehindColon } = structure;
    const end = endOfToken(bytes, at);
    if (end > bytes.length || !structure.take(bytes[at])) return;
    const token = bytes.subarray(at, end);
    at = end;
    if (depth !== 2 || isSpace(token[0])) continue;
    if (isBeforeName) yield { role: "name", token };
    else if (isBehindColon) yield { role: "value", token };
  } while (structure.depth > 1);
}

/** A string with its quotes, one of the signs of JSON, a space, or whatever else stands without a space. */
function endOfToken(bytes: Buffer, from: number): number {
  if (bytes[from] === quote) return skipString(bytes, from + 1, bytes.length) + 1;
  let end = from + 1;
  if (isSign(bytes[from]) || isSpace(bytes[from])) return end;
  while (end < bytes.length && !isSpace(bytes[end]) && bytes[end] !== quote && !isSign(bytes[end])) end++;
  return end;
}

function isSign(byte: number | undefined): boolean {
  return byte !== undefined && "{}[],:".includes(String.fromCharCode(byte));
}

/** What a token says: a string, a whole number, or a word that stands in other quotes or in none. */
function textOf(token: Buffer): string | null {
  const text = decodeUtf8(token);
  if (text === null) return null;
  if (text.startsWith('"')) return parseString(text);
  const [, quoted] = /^'([^'\\]+)'$/u.exec(text) ?? [];
  return quoted ?? exactInteger(text) ?? (text === "id" ? text : null);
}

function parseString(text: string): string | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
