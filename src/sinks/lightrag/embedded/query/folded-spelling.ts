import { foldText } from "../../../../kernel/util/text.ts";

/** Letters that Unicode does not take apart, as people write who lack the key, and letters that many write alike. */
const typedAs = new Map(
  Object.entries({
    ı: "i",
    ø: "o",
    ł: "l",
    đ: "d",
    ð: "d",
    þ: "th",
    ß: "ss",
    æ: "ae",
    œ: "oe",
    ى: "ي",
    ة: "ه",
    "\u0901": "\u0902",
  }),
);
const unlike = new RegExp(`[${[...typedAs.keys()].join("")}]`, "gu");
/** The points of vowels in Hebrew and Arabic, the stroke that lengthens, and the dots of borrowed sounds in Indian scripts. */
const points = /[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc\u0b3c]/gu;

/** Digits of Arabic, Persian, Devanagari and Thai, each from 0 to 9 in a row. */
const foreignDigit = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0e50-\u0e59]/gu;
const zeros = [0x06_60, 0x06_f0, 0x09_66, 0x0e_50];

/**
 * A text as a search compares it: besides what `foldText` ignores, points of vowels, which digits are used, and letters that people write in two ways.
 */
export function foldedSpelling(text: string): string {
  return foldText(text)
    .replaceAll(points, "")
    .replaceAll(foreignDigit, (digit) => String(digitValue(digit)))
    .replaceAll(unlike, (each) => typedAs.get(each) ?? each);
}

function digitValue(digit: string): number {
  const code = digit.charCodeAt(0);
  return code - (zeros.findLast((zero) => zero <= code) ?? code);
}
