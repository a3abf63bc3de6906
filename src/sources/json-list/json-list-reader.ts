import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import { ItemReader, type ItemReaderOptions } from "./item-reader.ts";
import { closeBrace, closeBracket, openBrace, openBracket, quote, skipString } from "./json-structure.ts";

/** The most bytes before the list. An answer that has more of them is not a list. */
const maxHeadBytes = 1024 * 1024;
/** A name on the way to the list has to be within so many bytes before its bracket, beside its own. */
const nameBytes = 64;

export interface ListReaderOptions extends Omit<ItemReaderOptions, "depth"> {
  /** Names of the members that lead to the list, from the outermost; none when the whole text is the list. */
  path: readonly string[];
}

export interface ListEnd {
  /** The answer without its items; undefined when it is not JSON. */
  surroundings: unknown;
  /** False when the answer ended before the list did. */
  isWhole: boolean;
  /** Why the list may have held more than was emitted; null when it cannot. */
  doubt: string | null;
}

/**
 * Reads `{ …, "memories": [item, item, …], … }` in UTF-8 as it arrives and emits each item as soon as it is whole: the list may stand
 * deeper, or be the whole text. A long list is never held as text; parsed in one piece, it would be in memory as bytes, as text and as objects. A broken item never costs
 * another one: see `ItemReader`. Time is linear in the bytes, and at most `maxItemBytes` of a piece are held.
 */
export class JsonListReader {
  readonly #items: ItemReader;
  /** Of the members on the path: as JSON, one byte a character. */
  readonly #names: readonly string[];
  /** So many of the open objects lie on the path to the list. */
  #onPath = 0;
  /** What precedes the list, with its opening bracket. */
  #head: Buffer = Buffer.alloc(0);
  #at = 0;
  #depth = 0;
  #inString = false;
  #hasList = false;

  constructor({ path, ...items }: ListReaderOptions) {
    this.#items = new ItemReader({ ...items, depth: path.length });
    this.#names = path.map((name) => Buffer.from(JSON.stringify(name)).toString("latin1"));
  }

  /** Whether the list has begun. */
  get hasList(): boolean {
    return this.#hasList;
  }

  /** Bytes scanned; a byte counts each time. */
  get work(): number {
    return this.#items.work;
  }

  /** Throws a `SyntaxError` as soon as it is certain that there is no list. */
  push(chunk: Buffer): void {
    if (this.#hasList) this.#items.push(chunk);
    else this.#pushHead(chunk);
  }

  #pushHead(chunk: Buffer): void {
    this.#head = Buffer.concat([this.#head, chunk]);
    this.#findList();
    if (this.#hasList) {
      const items = this.#head.subarray(this.#at);
      this.#head = this.#head.subarray(0, this.#at);
      this.#items.push(items);
    } else if (this.#head.length > maxHeadBytes) throw new SyntaxError("there is no list");
  }

  /** Call when all bytes have arrived. Throws a `SyntaxError` when there is neither a list nor other JSON. */
  end(): ListEnd {
    if (!this.#hasList) return withoutList(this.#head);
    const behind = this.#items.end((end) => this.#around(end).ok);
    const around = behind === null ? null : this.#around(behind);
    return {
      surroundings: around?.ok ? around.value : undefined,
      isWhole: behind !== null,
      doubt: this.#doubt(behind !== null, around?.ok === true),
    };
  }

  #around(behind: Buffer) {
    return readJsonBytes(Buffer.concat([this.#head, behind]));
  }

  #doubt(isWhole: boolean, isJson: boolean): string | null {
    const { position, unbounded } = this.#items;
    if (!isWhole) return `the answer ends in the middle of the list, behind item ${position}`;
    if (unbounded > 0)
      return "an item is broken in such a way that its end is not known, and may hide others";
    return isJson ? null : "what stands around the list is not JSON, so it is not known whether it is whole";
  }

  #findList(): void {
    const { length } = this.#head;
    while (this.#at < length && !this.#hasList) {
      if (this.#inString) {
        this.#at = skipString(this.#head, this.#at, length);
        if (this.#at >= length) return;
        this.#inString = false;
      } else this.#step(this.#head[this.#at]);
      this.#at++;
    }
  }

  #step(byte: number | undefined): void {
    if (byte === quote) this.#inString = true;
    else if (byte === closeBracket || byte === closeBrace)
      this.#onPath = Math.min(this.#onPath, --this.#depth);
    else if (byte === openBracket || byte === openBrace) this.#open(byte);
  }

  #open(byte: number): void {
    const isNext = this.#onPath === this.#depth && this.#isNamed(this.#at);
    this.#hasList = isNext && byte === openBracket && this.#depth === this.#names.length;
    this.#depth++;
    if (isNext && byte === openBrace) this.#onPath++;
  }

  /** Whether the path leads to what begins here. */
  #isNamed(at: number): boolean {
    if (this.#depth === 0) return true;
    const name = this.#names[this.#depth - 1];
    if (name === undefined) return false;
    return endsWithName(this.#head.toString("latin1", Math.max(0, at - name.length - nameBytes), at), name);
  }
}

/** Whether a member of this name, one byte a character as the text before it, has its value next. */
function endsWithName(before: string, quoted: string): boolean {
  const name = before.trimEnd().replace(/:$/u, "").trimEnd();
  return name.endsWith(quoted) && /[{,\s]/u.test(name.charAt(name.length - quoted.length - 1));
}

function withoutList(bytes: Buffer): ListEnd {
  const reading = readJsonBytes(bytes);
  if (!reading.ok) throw new SyntaxError(`the answer ${reading.problem}`);
  return { surroundings: reading.value, isWhole: true, doubt: null };
}
