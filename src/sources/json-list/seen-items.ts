import { createHash } from "node:crypto";
import type { Memory } from "../../domain/memory.ts";
import type { MemoryPage } from "../memory-source.ts";
import { malformedKey, memoryKey } from "./memory-list.ts";

/** Items of an answer or of a page. */
type ShownItems = Pick<MemoryPage, "memories" | "malformed"> & {
  ambiguous: readonly string[];
  keys: string[];
};

/**
 * Remembers which items a listing has yielded, so that overlapping pages yield each once: in its first form. Holds keys and
 * digests, never memories.
 */
export class SeenItems {
  /** Digest of an item's content by its key. */
  readonly #contents = new Map<string, number>();
  #oldestId: string | null = null;
  #oldestAt = Number.POSITIVE_INFINITY;

  has(key: string | undefined): boolean {
    return key !== undefined && this.#contents.has(key);
  }

  /** The number of distinct items. */
  get size(): number {
    return this.#contents.size;
  }

  /** The memory of the earliest time, in milliseconds since the epoch. */
  get oldest(): { oldestId: string | null; oldestAt: number | null } {
    return { oldestId: this.#oldestId, oldestAt: this.#oldestId === null ? null : this.#oldestAt };
  }

  /** Returns the unseen part of an answer and marks it as seen. */
  take(list: ShownItems): MemoryPage {
    const page = {
      memories: list.memories.filter((memory) => !this.has(memoryKey(memory))),
      malformed: list.malformed.filter((item) => !this.has(malformedKey(item))),
      ambiguous: [
        ...list.ambiguous,
        ...list.memories.filter((memory) => this.#differs(memory)).map(memoryKey),
      ],
      truncated: null,
    };
    for (const memory of page.memories) this.#note(memory);
    for (const key of list.keys) if (!this.has(key)) this.#contents.set(key, 0);
    return page;
  }

  #differs(memory: Memory): boolean {
    const known = this.#contents.get(memoryKey(memory));
    return known !== undefined && known !== digestOf(memory);
  }

  #note(memory: Memory): void {
    this.#contents.set(memoryKey(memory), digestOf(memory));
    const at = Date.parse(memory.createdAt);
    if (at >= this.#oldestAt) return;
    this.#oldestAt = at;
    this.#oldestId = memory.id;
  }
}

/** 48 bits: enough to tell two contents of one id apart. */
function digestOf(memory: Memory): number {
  return createHash("sha1").update(JSON.stringify(memory)).digest().readUIntBE(0, 6);
}

export function isEmptyPage(page: MemoryPage): boolean {
  return page.memories.length === 0 && page.malformed.length === 0;
}
