import { decodeHTML } from "entities";

/**
 * Python's white space, as the content of a character class. `\s` and `String.trim` differ in U+FEFF, U+0085 and U+001C to U+001F.
 */
export const pythonSpace = String.raw`\t-\r\x1C-\x20\x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000`;
const space = new RegExp(`[${pythonSpace}]`, "u");
const unstorable = /[\p{Cs}\uFFFE\uFFFF]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that LightRAG removes
const control = /[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]/gu;

/**
 * The text as LightRAG stores it (LightRAG contract §3.3): trimmed, HTML references replaced, unstorable and control characters
 * removed, trimmed again. LightRAG 1.4 derives the document's id from it; lengths and summaries count it in both generations.
 *
 * Not idempotent: `&amp;amp;` becomes `&amp;`. Send the original, compare with this.
 */
export function cleanText(text: string): string {
  const unescaped = unescapeHtml(strip(sendableText(text)));
  return strip(unescaped.replace(unstorable, "").replace(control, ""));
}

/** The text as it can be sent: an unpaired surrogate has no UTF-8 form and becomes U+FFFD. */
export function sendableText(text: string): string {
  return text.toWellFormed();
}

/** Python's `str.strip`. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start++;
  while (end > start && space.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

const reference = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;
const replacement = "\uFFFD";
const lastCodePoint = 0x10ffff;

/** Browsers and Python read the numbers 128 to 159 as Windows-1252; in the order of the numbers. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

/**
 * Replaces HTML character references exactly as Python's `html.unescape` does, because LightRAG runs it over every text before it
 * stores it (LightRAG contract §3.3). Names come from the HTML standard's list; numbers are treated differently from browsers:
 * those of control characters and noncharacters are dropped.
 */
function unescapeHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(reference, (whole, body: string) =>
    body.startsWith("#") ? fromNumber(body) : decodeHTML(whole),
  );
}

function fromNumber(body: string): string {
  const digits = body.slice(1).replace(/;$/u, "");
  const code = /^x/iu.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  if (code === 0 || isSurrogate(code) || code > lastCodePoint) return replacement;
  if (code === 0x0d) return "\r";
  if (code >= 0x80 && code <= 0x9f) return windows1252[code - 0x80] ?? "";
  return isInvalid(code) ? "" : String.fromCodePoint(code);
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** Control characters and noncharacters. */
function isInvalid(code: number): boolean {
  return (
    (code <= 0x1f && code !== 0x09 && code !== 0x0a && code !== 0x0c) ||
    code === 0x7f ||
    (code >= 0xfdd0 && code <= 0xfdef) ||
    (code & 0xfffe) === 0xfffe
  );
}
