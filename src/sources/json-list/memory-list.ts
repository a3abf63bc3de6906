import { isDeepStrictEqual } from "node:util";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { Utf8Stream } from "../../kernel/util/decode/charset.ts";
import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import { type AnswerHead, type Clues, readClues } from "./answer-clues.ts";
import type { ListedPiece } from "./item-reader.ts";
import { JsonListReader, type ListEnd } from "./json-list-reader.ts";
import { linkTo } from "./next-position.ts";
import { parseItem } from "./parse-item.ts";
import { isRecord, type ListedItem, type ListFormat, nameOf } from "./parsed-item.ts";
import { reportedFailure } from "./reported-failure.ts";

/** One answer to a listing request. */
export interface MemoryList {
  /** One per id. */
  memories: Memory[];
  malformed: MalformedMemory[];
  /** Ids that the answer says to be deleted. */
  deleted: string[];
  /** One per item in the order of the answer: identifies an item that appears again on another page. */
  keys: string[];
  /** Items in the answer, malformed and repeated ones included. */
  received: number;
  /** What the answer says of what it does not show. */
  clues: Clues;
  /** The answer without its items; undefined when that is not JSON. */
  around: unknown;
  /** The target of its `Link` header with `rel="next"`; null when it has none. */
  link: string | null;
  /** Ids that came with different contents. */
  ambiguous: string[];
  /** Why the answer may lack memories, apart from what `clues` say: it broke off, or reports a failure. Null when it does not. */
  doubt: string | null;
  /** False when the answer ended before its list did. */
  isWhole: boolean;
}

export interface ListBodyOptions {
  format: ListFormat;
  /** Status and headers, which may say something about the rest of the list. */
  head?: AnswerHead;
  /** The charset of the text; null for UTF-8, unless its first bytes say otherwise. */
  charset?: string | null;
  /** A larger item is malformed. */
  maxItemBytes?: number;
  /** Bytes of good items, and of the notes on others, after which `tooLarge` makes the error that ends the reading. */
  maxHeldBytes?: number;
  tooLarge?: () => Error;
}

export const defaultMaxItemBytes = 16 * 1024 * 1024;

/**
 * Reads the body of a listing; its items are parsed one by one as they arrive, and a broken item costs no other. A body that breaks
 * off in the list yields what came before: `isWhole` is false then, and `onBreak` gets the reason. Throws `SOURCE_BAD_ANSWER` for
 * JSON without a list, a `SyntaxError` for what is not JSON, and whatever the body throws before the list.
 */
export async function readItemList(
  body: AsyncIterable<Buffer>,
  options: ListBodyOptions,
  onBreak: (reason: unknown) => void = () => {},
): Promise<MemoryList> {
  const items = new ItemCollector(options);
  const { maxItemBytes = defaultMaxItemBytes, format } = options;
  const reader = new JsonListReader({
    path: format.path,
    maxItemBytes,
    onPiece: (piece) => items.take(piece, maxItemBytes),
    isItem: (bytes) => isItem(bytes, format),
  });
  const text = new Utf8Stream(options.charset ?? null);
  try {
    for await (const chunk of body) reader.push(text.push(chunk));
    reader.push(text.end());
  } catch (reason) {
    if (!reader.hasList || items.isFull) throw reason;
    onBreak(reason);
  }
  return listOf(reader.end(), items, options);
}

function listOf(
  { surroundings, isWhole, doubt }: ListEnd,
  items: ItemCollector,
  { head = { status: 200, headers: {} }, format }: ListBodyOptions,
): MemoryList {
  // With items there is a list, whatever is wrong around it.
  const list = surroundings === undefined ? [] : at(surroundings, format.path);
  if (!Array.isArray(list)) {
    const name = format.path.length === 0 ? "is no list" : `has no list "${format.path.join(".")}"`;
    const message = `${format.server}'s answer ${name} (${outline(surroundings)})`;
    const { hint } = format;
    throw new ConnectorError("SOURCE_BAD_ANSWER", message, hint === undefined ? {} : { hint });
  }
  // Empty unless the list's name is spelled in a way that the reader does not know, such as with escapes.
  for (const item of list) items.add(format.parse(item, null), 0);
  const around = surroundings === undefined ? { [format.path[0] ?? ""]: [] } : surroundings;
  return {
    ...items.result(),
    clues: readClues(head, around),
    around: surroundings,
    link: linkTo("next", head.headers.link),
    isWhole,
    doubt: doubt ?? reportedFailure(around, format.server),
  };
}

/** The value that names lead to; undefined where they lead nowhere. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    value,
  );
}

function isItem(bytes: Buffer, format: ListFormat): boolean {
  const reading = readJsonBytes(bytes);
  return reading.ok && format.isItem(reading.value);
}

export function memoryKey(memory: Memory): string {
  return memory.id;
}

export function malformedKey(malformed: MalformedMemory): string {
  return `#${malformed.fingerprint}`;
}

/** Rough size of the notes on an item besides its own bytes. */
const noteBytes = 500;

class ItemCollector {
  readonly #options: ListBodyOptions;
  readonly #memories = new Map<string, Memory>();
  readonly #malformed: MalformedMemory[] = [];
  readonly #deleted = new Set<string>();
  readonly #keys: string[] = [];
  readonly #ambiguous = new Set<string>();
  #heldBytes = 0;

  constructor(options: ListBodyOptions) {
    this.#options = options;
  }

  /** More has arrived than may be held. */
  get isFull(): boolean {
    return this.#heldBytes > (this.#options.maxHeldBytes ?? Number.POSITIVE_INFINITY);
  }

  take(piece: ListedPiece, maxItemBytes: number): void {
    const parsed = parseItem(piece, maxItemBytes, this.#options.format);
    this.add(parsed, parsed.kind === "memory" ? piece.size : noteBytes);
  }

  /** Throws the error of `tooLarge`. */
  add(parsed: ListedItem, bytes: number): void {
    this.#heldBytes += bytes;
    if (this.isFull) throw this.#options.tooLarge?.() ?? new RangeError("the list is too large");
    if (parsed.kind === "malformed") {
      this.#malformed.push(parsed.malformed);
      this.#keys.push(malformedKey(parsed.malformed));
    } else if (parsed.kind === "memory") {
      this.#addMemory(parsed.memory);
      this.#keys.push(memoryKey(parsed.memory));
    } else if (parsed.kind === "deleted") {
      this.#deleted.add(parsed.id);
      this.#keys.push(parsed.id);
    } else this.#keys.push(parsed.key);
  }

  #addMemory(memory: Memory): void {
    const known = this.#memories.get(memory.id);
    if (known !== undefined && !isDeepStrictEqual(known, memory)) this.#ambiguous.add(memory.id);
    this.#memories.set(memory.id, newer(known, memory));
  }

  /** A memory that is also there in a good form does not count as malformed. */
  result() {
    return {
      memories: [...this.#memories.values()],
      malformed: this.#malformed.filter(({ id }) => id === null || !this.#memories.has(id)),
      deleted: [...this.#deleted].filter((id) => !this.#memories.has(id)),
      keys: this.#keys,
      received: this.#keys.length,
      ambiguous: [...this.#ambiguous],
    };
  }
}

/** Of two versions of a memory the one updated last (one without a time counts as older); otherwise the later one in the answer. */
function newer(known: Memory | undefined, next: Memory): Memory {
  return known !== undefined && (next.updatedAt ?? "") < (known.updatedAt ?? "") ? known : next;
}

/** The shape of an answer without its content. */
function outline(body: unknown): string {
  if (!isRecord(body)) return `it is ${nameOf(body)}`;
  const fields = Object.entries(body).slice(0, 8);
  const shapes = fields.map(([name, value]) => `${name.slice(0, 40)} (${nameOf(value)})`);
  return `its fields: ${shapes.join(", ") || "none"}`;
}
