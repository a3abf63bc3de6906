/**
 * The ordered, distinct ids of the chunks that mention something: a stored set and its additions. Adding to a long list does not copy it.
 */
export class ChunkIds {
  readonly #stored: ReadonlySet<string>;
  readonly #added: readonly string[];

  constructor(stored: ReadonlySet<string>, added: readonly string[] = []) {
    this.#stored = stored;
    this.#added = added;
  }

  static of(ids: Iterable<string>): ChunkIds {
    return new ChunkIds(new Set(ids));
  }

  get size(): number {
    return this.#stored.size + this.#added.length;
  }

  has(id: string): boolean {
    return this.#stored.has(id) || this.#added.includes(id);
  }

  /** The ids that it lacks, each once. */
  missing(ids: Iterable<string>): string[] {
    return [...new Set(ids)].filter((id) => !this.has(id));
  }

  with(ids: Iterable<string>): ChunkIds {
    return new ChunkIds(this.#stored, [...this.#added, ...this.missing(ids)]);
  }

  without(ids: ReadonlySet<string>): string[] {
    return [...this].filter((id) => !ids.has(id));
  }

  /** The oldest ones. */
  first(count: number): string[] {
    const ids: string[] = [];
    for (const id of this) {
      if (ids.length >= count) break;
      ids.push(id);
    }
    return ids;
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.#stored;
    yield* this.#added;
  }
}
