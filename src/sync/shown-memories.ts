import type { MemoryPage } from "../sources/memory-source.ts";

/** What listings of a context have shown. */
export class ShownMemories {
  private readonly ids = new Set<string>();
  /** Those that the source names as deleted. */
  private readonly gone = new Set<string>();
  /** Items without an id may be any memory. */
  private unnamed = 0;

  /** What a later page says of an id holds. */
  add({ memories, malformed, pending = [], deleted = [] }: MemoryPage): void {
    for (const { id } of [...memories, ...malformed, ...pending]) {
      if (id === null) this.unnamed += 1;
      else this.note(id, this.ids, this.gone);
    }
    for (const id of deleted) this.note(id, this.gone, this.ids);
  }

  private note(id: string, to: Set<string>, from: Set<string>): void {
    to.add(id);
    from.delete(id);
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

  /** Whether the source has named it as deleted. */
  isGone(memoryId: string): boolean {
    return this.gone.has(memoryId);
  }

  get hasGone(): boolean {
    return this.gone.size > 0;
  }

  get isEmpty(): boolean {
    return this.ids.size === 0 && this.unnamed === 0 && this.gone.size === 0;
  }

  get isNamed(): boolean {
    return this.unnamed === 0;
  }
}
