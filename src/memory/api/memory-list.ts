import { ConnectorError } from "../../errors/connector-error.ts";
import type { MalformedMemory, Memory } from "../memory.ts";
import { type AnswerHead, type Clues, readClues } from "./answer-clues.ts";
import { JsonListReader } from "./json-list-reader.ts";
import { isRecord, nameOf, parseMemory } from "./parse-memory.ts";

/** One answer to a listing request. */
export interface MemoryList {
  /** One per id. */
  memories: Memory[];
  malformed: MalformedMemory[];
  /** One per item in the order of the answer: what tells an item from others when it comes again on another page. */
  keys: string[];
  /** Items in the answer, malformed and repeated ones included. */
  received: number;
  /** What the answer says of what it does not show. */
  clues: Clues;
}

/**
 * Reads the body of a listing; its items are judged one by one, as they come. Throws `SOURCE_BAD_ANSWER` when it is JSON and no
 * list, and a `SyntaxError` when it is not JSON.
 */
export async function readMemoryList(
  body: AsyncIterable<Buffer>,
  head: AnswerHead = { status: 200, headers: {} },
): Promise<MemoryList> {
  const items = new ItemCollector();
  const reader = new JsonListReader("memories", (item) => items.add(item));
  for await (const chunk of body) reader.push(chunk);
  const surroundings = reader.end();
  if (!isRecord(surroundings) || !Array.isArray(surroundings.memories)) {
    const message = `the Memory API's answer has no list "memories" (${outline(surroundings)})`;
    throw new ConnectorError("SOURCE_BAD_ANSWER", message);
  }
  // Empty unless the list's name was written in a way that the reader does not know, such as with escapes.
  for (const item of surroundings.memories) items.add(item);
  return { ...items.result(), clues: readClues(head, surroundings) };
}

export function memoryKey(memory: Memory): string {
  return memory.id;
}

export function malformedKey(malformed: MalformedMemory): string {
  return `#${malformed.fingerprint}`;
}

class ItemCollector {
  readonly #memories = new Map<string, Memory>();
  readonly #malformed: MalformedMemory[] = [];
  readonly #keys: string[] = [];

  add(item: unknown): void {
    const parsed = parseMemory(item);
    if (parsed.kind === "malformed") {
      this.#malformed.push(parsed.malformed);
      this.#keys.push(malformedKey(parsed.malformed));
    } else {
      const { memory } = parsed;
      this.#memories.set(memory.id, newer(this.#memories.get(memory.id), memory));
      this.#keys.push(memoryKey(memory));
    }
  }

  /** A memory that also came in a good form does not count as malformed. */
  result() {
    return {
      memories: [...this.#memories.values()],
      malformed: this.#malformed.filter(({ id }) => id === null || !this.#memories.has(id)),
      keys: this.#keys,
      received: this.#keys.length,
    };
  }
}

/** Of two versions of a memory the one updated last; the one that comes later where the source does not say. */
function newer(known: Memory | undefined, next: Memory): Memory {
  if (known?.updatedAt == null || next.updatedAt === null) return next;
  return next.updatedAt < known.updatedAt ? known : next;
}

/** The shape of an answer without its content. */
function outline(body: unknown): string {
  if (!isRecord(body)) return `it is ${nameOf(body)}`;
  return `its fields: ${Object.keys(body).slice(0, 8).join(", ") || "none"}`;
}
