import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import {
  closeBrace,
  closeBracket,
  comma,
  isSpace,
  JsonStructure,
  openBrace,
  quote,
} from "./json-structure.ts";
import { skipString } from "./skip-string.ts";

/** Bytes in which the name of an item's first member has to end. */
const longestBeginning = 256;
const beginning = /^\{\s*"(?:[^"\\]|\\.)*"\s*:/su;
const partOfBeginning = /^\{\s*(?:"(?:[^"\\]|\\.)*(?:\\|"\s*)?)?$/su;

/** Bytes between two positions of a buffer. */
export interface Span {
  bytes: Buffer;
  from: number;
  to: number;
}

/**
 * Where an object begins that may be the next item: behind a comma or another object, with a quoted name. No text holds such a
 * beginning, for a text has a backslash before each quote. Looks only before `limit`. `undecided` is where a look has to begin again
 * once more bytes have come.
 */
export function findBeginning(
  { bytes, from, to }: Span,
  { floor, limit }: { floor: number; limit: number },
): { found: number } | { undecided: number } {
  for (let at = nextBrace(bytes, from, limit); at < limit; at = nextBrace(bytes, at + 1, limit)) {
    if (!isBehindItem(bytes, at, floor)) continue;
    const head = bytes.toString("latin1", at, Math.min(to, at + longestBeginning));
    if (beginning.test(head)) return { found: at };
    if (head.length < longestBeginning && partOfBeginning.test(head)) return { undecided: at };
  }
  return { undecided: limit };
}

function nextBrace(bytes: Buffer, from: number, limit: number): number {
  const found = bytes.subarray(0, limit).indexOf(openBrace, from);
  return found < 0 ? limit : found;
}

function isBehindItem(bytes: Buffer, at: number, floor: number): boolean {
  let before = at - 1;
  while (before >= floor && isSpace(bytes[before])) before--;
  return before >= floor && (bytes[before] === comma || bytes[before] === closeBrace);
}

/** How far an object was followed, and where it ends: null when it does not, or when what follows it follows no item. */
export function followObject({ bytes, from, to }: Span): { end: number | null; at: number } {
  const structure = JsonStructure.inList();
  let at = from;
  while (at < to && structure.take(bytes[at])) {
    at = bytes[at] === quote ? skipString(bytes, at + 1, to) + 1 : at + 1;
    if (structure.depth === 1) return { end: isFollowed(bytes, at, to) ? at : null, at };
  }
  return { end: null, at };
}

function isFollowed(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && isSpace(bytes[at])) at++;
  return at >= to || bytes[at] === comma || bytes[at] === closeBracket || bytes[at] === openBrace;
}

/** Whether an object and what stands behind it, with its comma, are one object but for the brace between them. */
export function isCutByBrace(object: Buffer, behind: Buffer): boolean {
  return readJsonBytes(Buffer.concat([object.subarray(0, object.lastIndexOf(closeBrace)), behind])).ok;
}

/** Where a piece ends that something begins behind: before the comma between them. */
export function endBeforeComma(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (isSpace(bytes[end - 1]) || bytes[end - 1] === comma)) end--;
  return end;
}

/** Brackets that are tried as the end of a list that lost its order. */
const maxClosings = 8;

/** The last bracket that can be the list's: what stands behind it completes what stands before the list. */
export function findClosing(
  { bytes, from, to }: Span,
  completes: (behind: Buffer) => boolean,
): number | null {
  let bracket = to;
  for (let tries = 0; tries < maxClosings && bracket > from; tries++) {
    bracket = bytes.subarray(0, bracket).lastIndexOf(closeBracket);
    if (bracket >= from && completes(bytes.subarray(bracket, to))) return bracket;
  }
  return null;
}
