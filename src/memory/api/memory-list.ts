import { ConnectorError } from "../../errors/connector-error.ts";
import type { MalformedMemory, Memory } from "../memory.ts";
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
  /** The answer's own `count`; null when it has none that is usable. */
  declared: number | null;
  /** Where the next page begins, for servers that page by cursor. Null: this was the last page. Undefined: not said. */
  nextCursor: string | null | undefined;
}

const cursorFields = ["next_cursor", "nextCursor", "next"];

/** Reads the body of a listing. Throws `SOURCE_BAD_ANSWER` when it is no list; items are judged one by one. */
export function readMemoryList(body: unknown): MemoryList {
  if (!isRecord(body) || !Array.isArray(body.memories)) {
    throw new ConnectorError(
      "SOURCE_BAD_ANSWER",
      `the Memory API's answer has no list "memories" (${outline(body)})`,
    );
  }
  const { memories, malformed, keys } = readItems(body.memories);
  return {
    memories: [...memories.values()],
    malformed: malformed.filter(({ id }) => id === null || !memories.has(id)),
    keys,
    received: keys.length,
    declared: Number.isSafeInteger(body.count) ? (body.count as number) : null,
    nextCursor: readCursor(body),
  };
}

export function memoryKey(memory: Memory): string {
  return memory.id;
}

export function malformedKey(malformed: MalformedMemory): string {
  return `#${malformed.fingerprint}`;
}

function readItems(items: readonly unknown[]) {
  const memories = new Map<string, Memory>();
  const malformed: MalformedMemory[] = [];
  const keys = items.map((item) => {
    const parsed = parseMemory(item);
    if (parsed.kind === "malformed") {
      malformed.push(parsed.malformed);
      return malformedKey(parsed.malformed);
    }
    const { memory } = parsed;
    memories.set(memory.id, newer(memories.get(memory.id), memory));
    return memoryKey(memory);
  });
  return { memories, malformed, keys };
}

/** Of two versions of a memory the one updated last; the one that comes later where the source does not say. */
function newer(known: Memory | undefined, next: Memory): Memory {
  if (known?.updatedAt == null || next.updatedAt === null) return next;
  return next.updatedAt < known.updatedAt ? known : next;
}

function readCursor(body: Record<string, unknown>): string | null | undefined {
  const field = cursorFields.find((name) => Object.hasOwn(body, name));
  if (field === undefined) return undefined;
  const value = body[field];
  return typeof value === "number" || (typeof value === "string" && value !== "") ? String(value) : null;
}

/** The shape of an answer without its content. */
function outline(body: unknown): string {
  if (body === undefined) return "it is empty";
  if (!isRecord(body)) return `it is ${nameOf(body)}`;
  return `its fields: ${Object.keys(body).slice(0, 8).join(", ") || "none"}`;
}
