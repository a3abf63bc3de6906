import { decodeHTML } from "entities";

/** Every place of a text where a reference of HTML may stand. */
export const htmlReference = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;
const replacement = "\uFFFD";
const lastCodePoint = 0x10ffff;

/** Browsers and Python read the numbers 128 to 159 as Windows-1252; in the order of the numbers. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

/**
 * What a match of `htmlReference` stands for, exactly as Python's `html.unescape` has it. Names come from the HTML standard's list;
 * numbers are treated differently from browsers: those of control characters and noncharacters are dropped.
 */
export function readReference(whole: string): string {
  return whole.startsWith("&#") ? fromNumber(whole.slice(1)) : decodeHTML(whole);
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
