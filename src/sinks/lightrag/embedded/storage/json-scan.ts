/**
 * Finds the members of a JSON object, or the items of an array, in a file's bytes without parsing their values. LightRAG keeps each
 * store as one JSON value that can pass V8's string limit (512 MiB); scanned in pieces, it can have any size.
 */

/** A value's position in the bytes: `end` is exclusive. */
export interface Extent {
  start: number;
  end: number;
}

/** A member of an object. Where its value ends is looked for when it is asked, or when the next member is. */
export class Member implements Extent {
  readonly key: string;
  readonly start: number;
  readonly #bytes: Buffer;
  #end: number | undefined;

  constructor(bytes: Buffer, key: string, start: number) {
    this.#bytes = bytes;
    this.key = key;
    this.start = start;
  }

  get end(): number {
    this.#end ??= valueEnd(this.#bytes, this.start);
    return this.#end;
  }

  /** The items of a value that is an array, in order. Whoever takes all of them spares a second look for its end. Throws `SyntaxError`. */
  *items(): Generator<Extent> {
    this.#end = yield* arrayItems(this.#bytes, this.start);
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** The members of the object that starts at `from`, in order. Throws `SyntaxError` when the bytes are not an object. */
export function* objectMembers(bytes: Buffer, from = 0): Generator<Member> {
  let at = expectByte(bytes, skipSpace(bytes, from), openBrace);
  at = skipSpace(bytes, at);
  if (bytes[at] === closeBrace) return;
  for (;;) {
    const keyEnd = stringEnd(bytes, at);
    const key: string = JSON.parse(bytes.toString("utf8", at, keyEnd));
    const start = skipSpace(bytes, expectByte(bytes, skipSpace(bytes, keyEnd), colon));
    const member = new Member(bytes, key, start);
    yield member;
    const next = skipSpace(bytes, member.end);
    if (bytes[next] === closeBrace) return;
    at = skipSpace(bytes, expectByte(bytes, next, comma));
  }
}

/** The items of the array that starts at `from`, in order; returns where it ends. Throws `SyntaxError` when the bytes are not an array. */
function* arrayItems(bytes: Buffer, from: number): Generator<Extent, number> {
  let at = skipSpace(bytes, expectByte(bytes, skipSpace(bytes, from), openBracket));
  if (bytes[at] === closeBracket) return at + 1;
  for (;;) {
    const end = valueEnd(bytes, at);
    yield { start: at, end };
    const next = skipSpace(bytes, end);
    if (bytes[next] === closeBracket) return next + 1;
    at = skipSpace(bytes, expectByte(bytes, next, comma));
  }
}

function valueEnd(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === quote) return stringEnd(bytes, start);
  if (first === openBrace || first === openBracket) return nestedEnd(bytes, start);
  return scalarEnd(bytes, start);
}

function stringEnd(bytes: Buffer, start: number): number {
  expectByte(bytes, start, quote);
  for (let at = start + 1; ; ) {
    const end = bytes.indexOf(quote, at);
    if (end < 0) throw new SyntaxError(`a string that starts at byte ${start} does not end`);
    if (!isEscaped(bytes, end)) return end + 1;
    at = end + 1;
  }
}

/** A quote is escaped by an odd number of backslashes before it. */
function isEscaped(bytes: Buffer, at: number): boolean {
  let count = 0;
  while (bytes[at - 1 - count] === backslash) count++;
  return count % 2 === 1;
}

function nestedEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) at = stringEnd(bytes, at) - 1;
    else if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at + 1;
  }
  throw new SyntaxError(`a value that starts at byte ${start} does not end`);
}

function scalarEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && !isDelimiter(bytes[at])) at++;
  if (at === start) throw new SyntaxError(`a value is missing at byte ${start}`);
  return at;
}

function isDelimiter(byte: number | undefined): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte);
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function expectByte(bytes: Buffer, at: number, expected: number): number {
  if (bytes[at] !== expected) {
    throw new SyntaxError(`expected ${String.fromCharCode(expected)} at byte ${at}`);
  }
  return at + 1;
}
