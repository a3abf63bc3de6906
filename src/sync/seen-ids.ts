import type { MalformedMemory } from "../domain/memory.ts";
import type { MemoryPage } from "../sources/memory-source.ts";
import { brokenItemId } from "./memory-key.ts";

/** The ids that listings of a context have shown. */
export class SeenIds {
  readonly #ids = new Set<string>();
  /** Shown ids that are not readable yet. */
  readonly #pending = new Set<string>();
  /** Ids that the source reports as deleted. */
  readonly #gone = new Set<string>();
  /** How the ids of memories begin whose common item cannot be read. */
  readonly #unread = new Set<string>();
  /** Items without an id, which may be any memory. */
  #unnamed = 0;

  /** A later page overrides an earlier one. */
  add({ memories, malformed, pending = [], deleted = [] }: MemoryPage): void {
    for (const { id } of [...memories, ...malformed, ...pending])
      if (id !== null) this.#note(id, this.#ids, this.#gone);
    for (const item of malformed) if (item.id === null) this.#addNameless(item);
    for (const { id } of [...memories, ...malformed]) if (id !== null) this.#pending.delete(id);
    for (const { id } of pending) if (id !== null) this.#pending.add(id);
    for (const id of deleted) this.#note(id, this.#gone, this.#ids);
  }

  /** Its dead letter is shown with it. */
  #addNameless(item: MalformedMemory): void {
    this.#ids.add(brokenItemId(item));
    if (item.standsFor === undefined) this.#unnamed += 1;
    else this.#unread.add(item.standsFor);
  }

  #note(id: string, to: Set<string>, from: Set<string>): void {
    to.add(id);
    from.delete(id);
  }

  /** The part of a page that has not been shown yet. */
  without(page: MemoryPage): MemoryPage {
    return {
      ...page,
      memories: page.memories.filter(({ id }) => !this.#isRead(id)),
      malformed: page.malformed.filter(({ id }) => id === null || !this.#isRead(id)),
    };
  }

  #isRead(id: string): boolean {
    return this.#ids.has(id) && !this.#pending.has(id);
  }

  has(memoryId: string): boolean {
    return this.#ids.has(memoryId);
  }

  /** Whether it is one of several memories of which the source shows an item that cannot be read. */
  isUnread(memoryId: string): boolean {
    return this.#unread.values().some((beginning) => memoryId.startsWith(beginning));
  }

  /** Whether the source shows it, but it is not readable yet. */
  isPending(memoryId: string): boolean {
    return this.#pending.has(memoryId);
  }

  /** Whether the source has reported it as deleted. */
  isGone(memoryId: string): boolean {
    return this.#gone.has(memoryId);
  }

  /** Ids that the source has reported as deleted. */
  get goneIds(): readonly string[] {
    return [...this.#gone];
  }

  get hasGone(): boolean {
    return this.#gone.size > 0;
  }

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  get isNamed(): boolean {
    return this.#unnamed === 0;
  }
}
