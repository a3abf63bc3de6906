import { htmlReference, readReference } from "../../kernel/util/decode/html-references.ts";

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

/** LightRAG runs `html.unescape` over every text before it stores it (LightRAG contract §3.3). */
function unescapeHtml(text: string): string {
  return text.includes("&") ? text.replace(htmlReference, readReference) : text;
}
