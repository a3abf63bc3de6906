import type { MemoryPage } from "../memory-source.ts";
import { type MemoryList, malformedKey, memoryKey } from "./memory-list.ts";

/** Remembers which items a listing has yielded, so that pages that overlap yield each once. Holds keys, never memories. */
export class SeenItems {
  readonly #keys = new Set<string>();

  has(key: string | undefined): boolean {
    return key !== undefined && this.#keys.has(key);
  }

  /** The part of an answer that was not seen yet; from now on it is. */
  take(list: MemoryList): MemoryPage {
    const page = {
      memories: list.memories.filter((memory) => !this.has(memoryKey(memory))),
      malformed: list.malformed.filter((item) => !this.has(malformedKey(item))),
      truncated: null,
    };
    for (const key of list.keys) this.#keys.add(key);
    return page;
  }
}

export function isEmptyPage(page: MemoryPage): boolean {
  return page.memories.length === 0 && page.malformed.length === 0;
}
