const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What may stand around the list. An answer that has more is no list, however long it is. */
const maxSurroundingBytes = 1024 * 1024;
/** Enough to recognise the list's name and the white space around it. */
const tailLength = 64;

/**
 * Reads `{ …, "memories": [item, item, …], … }` while it comes in and hands over each item as soon as it is whole. A long list
 * is thereby never held as text; parsed in one piece it would stand in memory as bytes, as text and as objects.
 *
 * It looks only for the borders of items, by counting brackets outside of strings, and leaves the rest to `JSON.parse`: each
 * item by itself, and in the end the surroundings with an empty list in them. The bytes it looks for occur in UTF-8 as
 * nothing but these characters. What is not JSON throws a `SyntaxError`, at the latest in the end.
 */
export class JsonListReader {
  readonly #onItem: (item: unknown) => void;
  readonly #listBegins: RegExp;
  #surroundings: Buffer[] = [];
  #surroundingBytes = 0;
  /** The last characters of the surroundings. */
  #tail = "";
  #item: Buffer[] = [];
  #commas = 0;
  #inList = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** @param name the name of the list, a plain word */
  constructor(name: string, onItem: (item: unknown) => void) {
    this.#onItem = onItem;
    this.#listBegins = new RegExp(`[{,\\s]"${name}"\\s*:\\s*\\[$`);
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString) at = this.#skipString(chunk, at);
      else from = this.#step(chunk, from, at);
    }
    this.#keep(chunk.subarray(from));
  }

  /** All bytes have come. Returns what surrounds the list; the list in it is empty. */
  end(): unknown {
    return JSON.parse(new TextDecoder().decode(Buffer.concat(this.#surroundings)));
  }

  /** Returns where the string ends, or a place beyond the chunk when it goes on in the next one. */
  #skipString(chunk: Buffer, from: number): number {
    let at = this.#escaped ? from + 1 : from;
    while (at < chunk.length && chunk[at] !== quote) at += chunk[at] === backslash ? 2 : 1;
    this.#escaped = at > chunk.length;
    this.#inString = at >= chunk.length;
    return at;
  }

  /** Returns where the part of the chunk begins that is still to be kept. */
  #step(chunk: Buffer, from: number, at: number): number {
    switch (chunk[at]) {
      case quote:
        this.#inString = true;
        return from;
      case openBracket:
      case openBrace:
        this.#depth++;
        return chunk[at] === openBracket && this.#depth === 2 ? this.#maybeBegin(chunk, from, at) : from;
      case comma:
        return this.#inList && this.#depth === 2 ? this.#endItem(chunk, from, at) : from;
      case closeBracket:
      case closeBrace:
        this.#depth--;
        return this.#inList && this.#depth === 1 ? this.#endList(chunk, from, at) : from;
      default:
        return from;
    }
  }

  #maybeBegin(chunk: Buffer, from: number, at: number): number {
    this.#keep(chunk.subarray(from, at + 1));
    this.#inList = this.#listBegins.test(this.#tail);
    return at + 1;
  }

  #endItem(chunk: Buffer, from: number, at: number): number {
    this.#keep(chunk.subarray(from, at));
    this.#onItem(JSON.parse(takeText(this.#item)));
    this.#commas++;
    return at + 1;
  }

  #endList(chunk: Buffer, from: number, at: number): number {
    this.#keep(chunk.subarray(from, at));
    const text = takeText(this.#item);
    if (this.#commas > 0 || text.trim() !== "") this.#onItem(JSON.parse(text));
    this.#commas = 0;
    this.#inList = false;
    return at;
  }

  #keep(part: Buffer): void {
    if (this.#inList) {
      this.#item.push(part);
      return;
    }
    this.#surroundings.push(part);
    this.#surroundingBytes += part.length;
    this.#tail = (this.#tail + part.toString("latin1", Math.max(0, part.length - tailLength))).slice(
      -tailLength,
    );
    if (this.#surroundingBytes > maxSurroundingBytes) throw new SyntaxError("there is no list");
  }
}

function takeText(parts: Buffer[]): string {
  const [first] = parts;
  const text =
    parts.length === 1 && first !== undefined
      ? first.toString("utf8")
      : Buffer.concat(parts).toString("utf8");
  parts.length = 0;
  return text;
}
