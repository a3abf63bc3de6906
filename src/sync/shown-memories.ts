import type { MemoryPage } from "../sources/memory-source.ts";

/** What listings of a context have shown. */
export class ShownMemories {
  private readonly ids = new Set<string>();
  /** Items without an id may be any memory. */
  private unnamed = 0;

  add({ memories, malformed }: MemoryPage): void {
    for (const { id } of memories) this.ids.add(id);
    for (const { id } of malformed) {
      if (id === null) this.unnamed += 1;
      else this.ids.add(id);
    }
  }

  /** The part of a page that was not shown yet. */
  without(page: MemoryPage): MemoryPage {
    return {
      ...page,
      memories: page.memories.filter(({ id }) => !this.ids.has(id)),
      malformed: page.malformed.filter(({ id }) => id === null || !this.ids.has(id)),
    };
  }

  has(memoryId: string): boolean {
    return this.ids.has(memoryId);
  }

  get isEmpty(): boolean {
    return this.ids.size === 0 && this.unnamed === 0;
  }

  get isNamed(): boolean {
    return this.unnamed === 0;
  }
}
