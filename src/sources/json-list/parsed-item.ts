import { createHash } from "node:crypto";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import { excerptOf } from "../listed-item.ts";
import type { MemoryPage } from "../memory-source.ts";

/** A parsed item of a listing. */
export type ParsedItem =
  | { kind: "memory"; memory: Memory }
  | { kind: "malformed"; malformed: MalformedMemory };

/** An item of a list, or what it says instead of being one. */
export type ListedItem =
  | ParsedItem
  /** The source itself says that it is deleted. */
  | { kind: "deleted"; id: string }
  /** It is there, and is no memory: a file, a setting. `key` tells it from others. */
  | { kind: "other"; key: string };

/** How a server writes its lists, and what its items are. */
export interface ListFormat {
  /** The names that lead to the list, outermost first; none where the answer is the list. */
  path: readonly string[];
  /** Whose answer it is, for messages: `the Memory API`. */
  server: string;
  /** What to do when the list is not there; left out, it is what helps with any wrong answer. */
  hint?: string;
  /** Turns an item into a memory, or collects its problems. `bytes` is its JSON, in which numbers have all their digits. */
  parse(value: unknown, bytes: Buffer | null): ListedItem;
  /** The id of an item that is not JSON, as far as it can be told. */
  findId(bytes: Buffer): string | null;
  /** Whether an object within a broken item looks like an item of its own. */
  isItem(value: unknown): boolean;
}

/** A page of these items, as far as they are memories or are malformed. */
export function pageOf(items: readonly (ParsedItem | { kind: "gone" | "pending" })[]): MemoryPage {
  return {
    memories: items.flatMap((item) => (item.kind === "memory" ? item.memory : [])),
    malformed: items.flatMap((item) => (item.kind === "malformed" ? item.malformed : [])),
    truncated: null,
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a JSON value, for people. */
export function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** An item that is JSON and no memory. `item` is what its fingerprint is made of. */
export function malformedItem(
  item: unknown,
  id: string | null,
  problems: string[],
): ParsedItem & { kind: "malformed" } {
  const json = toJson(item);
  const fingerprint = createHash("sha256").update(json).digest("hex");
  return { kind: "malformed", malformed: { id, problems, excerpt: excerptOf(json), fingerprint } };
}

/** The parser accepts deeper nesting than the serializer; such an item is malformed anyway. */
function toJson(item: unknown): string {
  try {
    return JSON.stringify(item) ?? "null";
  } catch {
    return '"(nested too deeply to be shown)"';
  }
}

export function describeSurrogate(text: string): string {
  const at = text.search(/\p{Surrogate}/u);
  const code = text.charCodeAt(at).toString(16);
  return `holds an unpaired surrogate (\\u${code} at character ${at}), which is no character; most likely it was cut apart`;
}
