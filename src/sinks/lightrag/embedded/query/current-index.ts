import type { WatchedKvReader } from "../storage/readers.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { ChunkIndex } from "./chunk-index.ts";

/** Empty places, or changes that wait, beyond as many as there are chunks and these: then an index is made anew. */
const fewChunks = 1_000;

/** The index of a store's chunks: made when the first question comes, and then changed by what has changed. */
export class CurrentIndex {
  readonly #chunks: WatchedKvReader<ChunkRecord>;
  #index: ChunkIndex | undefined;
  /** What became of chunks since the index was brought up to date, in its order. */
  #changes: { id: string; isThere: boolean }[] = [];

  constructor(chunks: WatchedKvReader<ChunkRecord>) {
    this.#chunks = chunks;
    chunks.watch((id, isThere) => this.#note(id, isThere));
  }

  /** The index, as the store is now. */
  get(): ChunkIndex {
    const index = this.#index;
    if (index === undefined || index.ids.length > 2 * index.size + fewChunks)
      this.#index = ChunkIndex.of(this.#chunks);
    else if (this.#changes.length > 0) this.#follow(index);
    this.#changes = [];
    return this.#index as ChunkIndex;
  }

  #follow(index: ChunkIndex): void {
    for (const { id, isThere } of this.#changes) {
      const chunk = isThere ? this.#chunks.get(id) : undefined;
      if (!isThere) index.remove(id);
      // What has gone since is told by a later change.
      else if (chunk !== undefined) index.put(id, chunk);
    }
    index.settle();
  }

  #note(id: string, isThere: boolean): void {
    if (this.#index === undefined) return;
    this.#changes.push({ id, isThere });
    if (this.#changes.length <= this.#index.size + fewChunks) return;
    this.#index = undefined;
    this.#changes = [];
  }
}
