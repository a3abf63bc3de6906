import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { letHeapGrow } from "../../../../kernel/util/v8.ts";
import type { WatchedKvReader } from "../storage/readers.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { ChunkIndex } from "./chunk-index.ts";

/** Empty places, or changes that wait, beyond as many as there are chunks and these: then an index is made anew. */
const fewChunks = 1_000;

/**
 * The index of a store's chunks: made when the first question comes, and then changed by what has changed. The store may change while it is made;
 * one question at a time may ask for it.
 */
export class CurrentIndex {
  readonly #chunks: WatchedKvReader<ChunkRecord>;
  #index: ChunkIndex | undefined;
  /** What became of chunks since the index began to be made, as far as it does not have it yet, in its order; null while there is none. */
  #changes: { id: string; isThere: boolean }[] | null = null;

  constructor(chunks: WatchedKvReader<ChunkRecord>) {
    this.#chunks = chunks;
    chunks.watch((id, isThere) => this.#note(id, isThere));
  }

  /** The index, as the store is when the last piece is done. */
  *get(): Pieces<ChunkIndex> {
    if (this.#index !== undefined && this.#index.ids.length > 2 * this.#index.size + fewChunks)
      this.#giveUp();
    const index = this.#index ?? (yield* this.#make());
    for (let change = this.#changes?.shift(); change !== undefined; change = this.#changes?.shift()) {
      this.#follow(index, change);
      yield;
    }
    index.settle();
    return index;
  }

  *#make(): Pieces<ChunkIndex> {
    const keepSmallAgain = letHeapGrow();
    this.#changes = [];
    try {
      this.#index = yield* ChunkIndex.of(this.#chunks);
      return this.#index;
    } finally {
      keepSmallAgain();
      if (this.#index === undefined) this.#giveUp();
    }
  }

  #follow(index: ChunkIndex, { id, isThere }: { id: string; isThere: boolean }): void {
    const chunk = isThere ? this.#chunks.get(id) : undefined;
    if (!isThere) index.remove(id);
    // What has gone since is told by a later change.
    else if (chunk !== undefined) index.put(id, chunk);
  }

  #note(id: string, isThere: boolean): void {
    this.#changes?.push({ id, isThere });
    const most = (this.#index?.size ?? Number.POSITIVE_INFINITY) + fewChunks;
    if (this.#changes !== null && this.#changes.length > most) this.#giveUp();
  }

  #giveUp(): void {
    this.#index = undefined;
    this.#changes = null;
  }
}
