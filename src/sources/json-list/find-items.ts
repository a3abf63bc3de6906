import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import {
  closeBrace,
  closeBracket,
  comma,
  isSpace,
  JsonStructure,
  openBrace,
  quote,
  skipString,
} from "./json-structure.ts";

/** The name of an item's first member has to end within so many bytes. */
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
 * Finds where an object begins that may be the next item: after a comma or another object, with a quoted name. No JSON string
 * contains such a beginning, because a string has a backslash before each quote. Searches only before `limit`. `undecided` is where
 * the search has to resume once more bytes have arrived.
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

/**
 * How far an object was followed, and where it ends: null when it does not end, or when what comes after it cannot follow an item.
 */
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

/** Whether an object and the bytes after it, with their comma, are one object that a stray brace has cut in two. */
export function isCutByBrace(object: Buffer, behind: Buffer): boolean {
  return readJsonBytes(Buffer.concat([object.subarray(0, object.lastIndexOf(closeBrace)), behind])).ok;
}

/** The end of a piece that another one follows: before the comma between them. */
export function endBeforeComma(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (isSpace(bytes[end - 1]) || bytes[end - 1] === comma)) end--;
  return end;
}

/** How many brackets are tried as the end of a list whose syntax is broken. */
const maxClosings = 8;

/** The last bracket that can close the list: what comes after it completes what comes before the list. */
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

/** How often each byte may be scanned again on average, in search of items after broken ones. */
const rescansPerByte = 8;
const freeRescanBytes = 64 * 1024;

/**
 * Searches for whole items in bytes that were taken for a part of a broken item. Rescans are limited, so that time stays linear in
 * the bytes whatever they contain.
 */
export class ItemRescan {
  readonly #isItem: (bytes: Buffer) => boolean;
  #received = 0;
  #spent = 0;

  constructor(isItem: (bytes: Buffer) => boolean) {
    this.#isItem = isItem;
  }

  /** Bytes scanned; a byte counts each time. */
  get work(): number {
    return this.#received + this.#spent;
  }

  get isAllowed(): boolean {
    return this.#spent < freeRescanBytes + rescansPerByte * this.#received;
  }

  /** Counts bytes that have arrived. */
  receive(bytes: number): void {
    this.#received += bytes;
  }

  /** Counts bytes that are scanned once more. */
  spend(bytes: number): void {
    this.#spent += bytes;
  }

  /**
   * Whole items within what its brackets say to be one item, and what is no JSON: two broken items, one of which opens what the other closes,
   * enclose those between them. In order.
   */
  itemsHiddenIn(bytes: Buffer): { start: number; end: number }[] {
    const to = bytes.length;
    const hidden: { start: number; end: number }[] = [];
    if (!("found" in findBeginning({ bytes, from: 1, to }, { floor: 0, limit: to }))) return hidden;
    this.spend(to);
    if (readJsonBytes(bytes).ok) return hidden;
    for (let from = 0; ; from = hidden.at(-1)?.end ?? to) {
      const start = this.findItem({ bytes, from, to }, to);
      const end = start === null ? null : followObject({ bytes, from: start, to }).end;
      if (start === null || end === null) return hidden;
      this.spend(end - start);
      hidden.push({ start, end });
    }
  }

  /** The position of the first whole item after the beginning of a piece and before `limit`; null when there is none. */
  findItem(piece: Span, limit: number): number | null {
    const { bytes, from: floor, to } = piece;
    let from = floor + 1;
    while (this.isAllowed) {
      const beginning = findBeginning({ bytes, from, to }, { floor, limit });
      if (!("found" in beginning)) return null;
      const { found } = beginning;
      const followed = followObject({ bytes, from: found, to });
      this.spend(followed.at - found);
      if (followed.end !== null && this.#isItem(bytes.subarray(found, followed.end))) return found;
      from = found + 1;
    }
    return null;
  }
}
