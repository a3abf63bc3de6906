import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { type FileImage, imageOf } from "./file-image.ts";
import { objectMembers } from "./json-scan.ts";
import { readWhole } from "./read-whole.ts";
import type { KvReader } from "./readers.ts";
import type { ProvenanceRecord } from "./records.ts";
import type { ReplacementFile, StoredFile } from "./replacement-file.ts";

interface Entry {
  chunkIds: Set<string>;
  /** Whole seconds since the epoch; absent in some folders of a LightRAG server. */
  createTime: number | undefined;
  updateTime: number;
}

interface StoredEntry extends ProvenanceRecord {
  create_time?: number;
  update_time?: number;
}

/**
 * Which chunks mention an entity or a relation: `kv_store_entity_chunks.json` and `kv_store_relation_chunks.json`. Held in memory
 * as sets, because a name that every document mentions has a long list, to which each document adds one id.
 */
export class ProvenanceStore implements KvReader<ProvenanceRecord>, StoredFile {
  readonly path: string;
  readonly #entries: Map<string, Entry>;
  dirty = false;
  image: FileImage;

  private constructor(path: string, entries: Map<string, Entry>, image: FileImage) {
    this.path = path;
    this.#entries = entries;
    this.image = image;
  }

  /** `intern` deduplicates equal chunk ids in memory. Throws `SyntaxError` when the file is not one JSON object. */
  static *open(path: string, intern: (chunkId: string) => string): Pieces<ProvenanceStore> {
    const bytes = yield* readWhole(path);
    const entries = new Map<string, Entry>();
    for (const { key, start, end } of bytes === undefined ? [] : objectMembers(bytes)) {
      const stored: StoredEntry = JSON.parse(bytes?.toString("utf8", start, end) ?? "");
      entries.set(key, {
        chunkIds: new Set((stored.chunk_ids ?? []).map(intern)),
        createTime: stored.create_time,
        updateTime: stored.update_time ?? 0,
      });
      yield;
    }
    return new ProvenanceStore(path, entries, yield* imageOf(bytes));
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  get(key: string): ProvenanceRecord | undefined {
    const entry = this.#entries.get(key);
    return entry && { chunk_ids: [...entry.chunkIds], count: entry.chunkIds.size };
  }

  /** As `get`, without a copy. */
  chunkIds(key: string): ReadonlySet<string> | undefined {
    return this.#entries.get(key)?.chunkIds;
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** Replaces the list. `time` in whole seconds since the epoch. */
  set(key: string, chunkIds: readonly string[], time: number): void {
    const createTime = this.#entries.get(key)?.createTime ?? time;
    this.#entries.set(key, { chunkIds: new Set(chunkIds), createTime, updateTime: time });
    this.dirty = true;
  }

  /** Adds ids at the end; existing ones keep their position. */
  append(key: string, chunkIds: readonly string[], time: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.set(key, chunkIds, time);
      return;
    }
    for (const chunkId of chunkIds) entry.chunkIds.add(chunkId);
    entry.updateTime = time;
    this.dirty = true;
  }

  delete(key: string): void {
    if (this.#entries.delete(key)) this.dirty = true;
  }

  async write(out: ReplacementFile): Promise<void> {
    let separator = "\n";
    await out.write("{");
    for (const [key, entry] of this.#entries) {
      await out.write(`${separator}  ${JSON.stringify(key)}: ${entryText(key, entry)}`);
      separator = ",\n";
    }
    await out.write(this.#entries.size === 0 ? "}" : "\n}");
    this.image = out.image;
  }

  published(): void {
    this.dirty = false;
  }

  close(): void {
    this.#entries.clear();
  }
}

function entryText(key: string, entry: Entry): string {
  const stored = {
    chunk_ids: [...entry.chunkIds],
    count: entry.chunkIds.size,
    ...(entry.createTime === undefined ? {} : { create_time: entry.createTime }),
    update_time: entry.updateTime,
    _id: key,
  };
  return JSON.stringify(stored, null, 2).replaceAll("\n", "\n  ");
}
