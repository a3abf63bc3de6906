import type { Memory } from "../memory.ts";
import type { MemoryPage } from "../memory-source.ts";
import { type MemoryList, malformedKey, memoryKey } from "./memory-list.ts";

/** Remembers which items a listing has yielded, so that pages that overlap yield each once. Holds keys, never memories. */
export class SeenItems {
  readonly #keys = new Set<string>();
  #oldestId: string | null = null;
  #oldestAt = Number.POSITIVE_INFINITY;

  has(key: string | undefined): boolean {
    return key !== undefined && this.#keys.has(key);
  }

  /** Different items. */
  get size(): number {
    return this.#keys.size;
  }

  /** The memory of the earliest time, in milliseconds since the epoch. */
  get oldest(): { oldestId: string | null; oldestAt: number | null } {
    return { oldestId: this.#oldestId, oldestAt: this.#oldestId === null ? null : this.#oldestAt };
  }

  /** The part of an answer that was not seen yet; from now on it is. */
  take(list: MemoryList): MemoryPage {
    const page = {
      memories: list.memories.filter((memory) => !this.has(memoryKey(memory))),
      malformed: list.malformed.filter((item) => !this.has(malformedKey(item))),
      ambiguous: list.ambiguous,
      truncated: null,
    };
    for (const key of list.keys) this.#keys.add(key);
    for (const memory of page.memories) this.#note(memory);
    return page;
  }

  #note({ id, createdAt }: Memory): void {
    const at = Date.parse(createdAt);
    if (at >= this.#oldestAt) return;
    this.#oldestAt = at;
    this.#oldestId = id;
  }
}

export function isEmptyPage(page: MemoryPage): boolean {
  return page.memories.length === 0 && page.malformed.length === 0;
}
