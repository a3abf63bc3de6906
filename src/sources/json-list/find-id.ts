import { decodeUtf8 } from "../../kernel/util/decode/utf8.ts";
import { isSpace, JsonStructure, quote, skipString } from "../json-list/json-structure.ts";

/**
 * Finds the id of an item in its bytes, as far as they are well-formed, even when the item is not JSON. A number keeps all its digits.
 *
 * @param member the name under which it stands
 */
export function findId(bytes: Buffer, member = "id"): string | null {
  let name: string | null = null;
  let id: string | null = null;
  for (const { role, token } of membersOf(bytes)) {
    if (role === "name") name = textOf(token, member);
    else if (name === member) {
      const found = textOf(token, member);
      if (id !== null && found !== id) return null;
      id = found;
    }
  }
  return id;
}

/** The names of an object's own members and the first tokens of their values, up to the first syntax error. */
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

/** A token is a string with its quotes, a punctuation mark of JSON, a space, or any other run without spaces. */
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

/** The text of a token: a string, a whole number, or a word in other quotes or in none. */
function textOf(token: Buffer, member: string): string | null {
  const text = decodeUtf8(token);
  if (text === null) return null;
  if (text.startsWith('"')) return parseString(text);
  const [, quoted] = /^'([^'\\]+)'$/u.exec(text) ?? [];
  return quoted ?? exactInteger(text) ?? (text === member ? text : null);
}

function parseString(text: string): string | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whole numbers with more digits are not ids. */
const maxDigits = 64;

/**
 * The whole number that a JSON number denotes, with all its digits, which a JavaScript number could not hold: `1.0`, `1e0` and `1`
 * are the same. Null for a number with a fraction, one of more than 64 digits, and anything that is not a number.
 */
export function exactInteger(literal: string): string | null {
  const match = /^(-?)(\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,4}))?$/iu.exec(literal);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/u, "");
  const significant = digits.replace(/0+$/u, "");
  if (significant === "") return "0";
  const zeros = digits.length - significant.length + Number(exponent) - fraction.length;
  if (zeros < 0 || significant.length + zeros > maxDigits) return null;
  return sign + significant + "0".repeat(zeros);
}
