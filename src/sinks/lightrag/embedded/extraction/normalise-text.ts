import { cleanText, pythonSpace, strip } from "../../clean-text.ts";

/**
 * LightRAG's normalisation of extracted values (contract §10.1). Descriptions go through `normaliseText`; names, types and keywords
 * through `normaliseName`, which also removes quotes inside.
 */
export function normaliseText(text: string): string {
  return withoutShortNumbers(strip(withoutOuterQuotes(inHalfWidth(cleanText(text)))));
}

export function normaliseName(text: string): string {
  return withoutShortNumbers(strip(withoutInnerQuotes(withoutOuterQuotes(inHalfWidth(cleanText(text))))));
}

const maxNameCharacters = 256;
const maxNameBytes = 512;

/** Cuts a name to the length that every storage of LightRAG can hold. */
export function boundedName(name: string): string {
  const head = Array.from(name).slice(0, maxNameCharacters).join("");
  const bytes = Buffer.from(head);
  if (bytes.length <= maxNameBytes) return head;
  // A character split by the cut is dropped.
  return new TextDecoder("utf-8").decode(bytes.subarray(0, maxNameBytes)).replace(/\uFFFD+$/u, "");
}

const typeSeparators = /['()<>|/\\]/u;
const reservedTypes = new Set(["__proto__", "constructor", "prototype"]);

/** The type as LightRAG stores it, or undefined when LightRAG drops the entity. */
export function normaliseType(text: string): string | undefined {
  const type = normaliseName(text);
  if (strip(type) === "" || typeSeparators.test(type)) return undefined;
  const first = type
    .split(",")
    .map(strip)
    .find((part) => part !== "");
  const normalised = first?.replaceAll(" ", "").toLowerCase();
  return normalised === undefined || reservedTypes.has(normalised) ? undefined : normalised;
}

const fullWidth = /[Ａ-Ｚａ-ｚ０-９－＋／＊（）—　]/gu;
const cjk = String.raw`[\u4E00-\u9FA5]`;
const latin = String.raw`[a-zA-Z0-9()[\]@#$%!&*\-=+_]`;
const spaces = `[${pythonSpace}]+`;
const paragraphTags = new RegExp(`</p[${pythonSpace}]*>|<p[${pythonSpace}]*>|<p/>`, "giu");
const breakTags = new RegExp(`</br[${pythonSpace}]*>|<br[${pythonSpace}]*>|<br/>`, "giu");
const spaceInCjk = new RegExp(`(?<=${cjk})${spaces}(?=${cjk})`, "gu");
const spaceAfterCjk = new RegExp(`(?<=${cjk})${spaces}(?=${latin})`, "gu");
const spaceBeforeCjk = new RegExp(`(?<=${latin})${spaces}(?=${cjk})`, "gu");

function inHalfWidth(text: string): string {
  return text
    .replace(paragraphTags, "")
    .replace(breakTags, "")
    .replace(fullWidth, toHalfWidth)
    .replace(spaceInCjk, "")
    .replace(spaceAfterCjk, "")
    .replace(spaceBeforeCjk, "");
}

/** Full-width forms have a fixed offset from ASCII, except for a dash and the ideographic space. */
function toHalfWidth(character: string): string {
  if (character === "—") return "-";
  if (character === "　") return " ";
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}

const quotePairs = ['""', "''", "“”", "‘’", "《》"];

function withoutOuterQuotes(text: string): string {
  if (Array.from(text).length < 2) return text;
  return quotePairs.reduce(withoutPair, text);
}

/** Removes a pair of quotes around the text that does not occur inside it. */
function withoutPair(text: string, pair: string): string {
  const [open = "", close = ""] = pair;
  if (!text.startsWith(open) || !text.endsWith(close)) return text;
  const inner = text.slice(1, -1);
  return inner.includes(open) || inner.includes(close) ? text : inner;
}

function withoutInnerQuotes(text: string): string {
  return text
    .replace(/[“”‘’]/gu, "")
    .replace(/['"]+(?=[\u4E00-\u9FA5])/gu, "")
    .replace(/(?<=[\u4E00-\u9FA5])['"]+/gu, "")
    .replaceAll("\u00A0", " ")
    .replace(/(?<=\P{Nd})\u202F/gu, " ");
}

/** Python's `str.isdigit`: decimal digits, and superscript, subscript or circled ones. */
const digitsAndDots =
  /^[\p{Nd}.\u00B2\u00B3\u00B9\u1369-\u1371\u19DA\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247C\u2488-\u2490\u24EA\u24F5-\u24FD\u24FF\u2776-\u277E\u2780-\u2788\u278A-\u2792\u{10A40}-\u{10A43}\u{10E60}-\u{10E68}\u{11052}-\u{1105A}\u{1F100}-\u{1F10A}]*$/u;

/** Numbers of one or two digits, and short ones with dots, are meaningless as names: they become empty. */
function withoutShortNumbers(text: string): string {
  if (/^[0-9]{1,2}$/u.test(text)) return "";
  const isShort = Array.from(text).length < 6;
  return isShort && text.includes(".") && digitsAndDots.test(text) ? "" : text;
}
