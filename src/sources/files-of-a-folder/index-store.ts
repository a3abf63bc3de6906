import type { CacheValue, ValueCache } from "../../kernel/util/value-cache.ts";
import { FileIndex, type Removal, shardCount } from "./file-index.ts";
import type { KnownFile } from "./known-files.ts";

/** What keeps an index tells by itself which one it is: another process may have kept another one since. */
interface Head {
  /** The name of this save, and those before it, newest last, each with the number of the last change in it. */
  marks: [string, number][];
  /** Removals up to this change are not remembered any more. */
  forgotten: number;
}

/** Older marks are not known any more. */
const maxMarks = 50;

/** An index that was kept, with the mark under which it was. */
export interface KeptIndex {
  index: FileIndex;
  marks: readonly [string, number][];
}

/**
 * Keeps the index of a folder between processes, in parts, of which only those are written that have changed. What is kept may be lost, or
 * be of another version: the index then begins anew, and so do its marks.
 */
export class IndexStore {
  readonly #values: ValueCache;
  readonly #prefix: string;

  /** `folder` tells indices apart. */
  constructor(values: ValueCache, folder: string) {
    this.#values = values;
    this.#prefix = `folder-index/1/${folder}/`;
  }

  /** The mark of the last save; null when there is none. */
  async lastMark(): Promise<string | null> {
    return (await this.#head())?.marks.at(-1)?.[0] ?? null;
  }

  async load(): Promise<KeptIndex | null> {
    const head = await this.#head();
    if (head === null) return null;
    try {
      const removals = listOf<Removal>(await this.#get("removals"), "id");
      const { marks, forgotten } = head;
      return { index: await FileIndex.restore({ files: this.#shards(), removals, forgotten }), marks };
    } catch {
      return null;
    }
  }

  async *#shards(): AsyncGenerator<KnownFile[]> {
    for (let shard = 0; shard < shardCount; shard += 1)
      yield listOf<KnownFile>(await this.#get(`${shard}`), "path");
  }

  /** Resolves to the marks with a new one, that of a change; null when the state cannot be written, or another process has kept another index since. */
  async save({ index, marks }: KeptIndex, change: number): Promise<KeptIndex["marks"] | null> {
    if ((await this.lastMark()) !== (marks.at(-1)?.[0] ?? null)) return null;
    try {
      // Removals first: of a process that is killed in between, no file is forgotten without them.
      const removals = index.takeChangedRemovals();
      if (removals !== null) await this.#put("removals", removals as never);
      for (const [shard, files] of index.takeChangedShards()) await this.#put(`${shard}`, files as never);
      const kept = [...marks, [crypto.randomUUID(), change] as [string, number]].slice(-maxMarks);
      await this.#put("head", { marks: kept, forgotten: index.forgotten });
      return kept;
    } catch {
      return null;
    }
  }

  async #head(): Promise<Head | null> {
    const head = (await this.#get("head")) as Partial<Head> | undefined;
    return Array.isArray(head?.marks) && typeof head.forgotten === "number" ? (head as Head) : null;
  }

  #get(part: string): Promise<CacheValue | undefined> {
    return this.#values.get(`${this.#prefix}${part}`);
  }

  #put(part: string, value: CacheValue): Promise<void> {
    return this.#values.put(`${this.#prefix}${part}`, value);
  }
}

/** Throws for anything but a list of records that have their name and the number of their change. */
function listOf<Kept>(value: CacheValue | undefined, name: keyof Kept & string): Kept[] {
  const list = value === undefined ? [] : value;
  const isKept = (each: unknown): boolean => {
    const record = each as Record<string, unknown> | null;
    return typeof record?.[name] === "string" && Number.isSafeInteger(record.change);
  };
  if (!Array.isArray(list) || !list.every(isKept)) throw new TypeError("of another version");
  return list as Kept[];
}
