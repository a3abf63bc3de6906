import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { type FileImage, imageOf } from "./file-image.ts";
import { type Extent, objectMembers } from "./json-scan.ts";
import { readWhole } from "./read-whole.ts";
import type { WatchedKvReader } from "./readers.ts";
import type { ReplacementFile, StoredFile } from "./replacement-file.ts";
import { parseRecord, SavedRecords } from "./saved-records.ts";

interface KvFile {
  saved: Map<string, Extent>;
  fields: readonly string[];
  image: FileImage;
}

/**
 * One of LightRAG's key-value files: one JSON object, indented by two spaces (contract §9.1). Memory holds the keys, the position
 * of each value in the file, and the changes since the file was written.
 */
export class KvStore<Value extends object> implements WatchedKvReader<Value>, StoredFile {
  readonly path: string;
  readonly #fields: readonly string[];
  #records: SavedRecords;
  #saved: Map<string, Extent>;
  #written = new Map<string, Extent>();
  /** `null` marks a deleted key. */
  #changed = new Map<string, Value | null>();
  #size: number;
  readonly #watchers: ((key: string, isThere: boolean) => void)[] = [];
  image: FileImage;

  private constructor(path: string, { saved, fields, image }: KvFile) {
    this.path = path;
    this.#fields = fields;
    this.image = image;
    this.#records = SavedRecords.open(path);
    this.#saved = saved;
    this.#size = saved.size;
  }

  /**
   * `fields` are the required ones of a record. Throws `SyntaxError` when the file is not one JSON object; a record that lacks a
   * field is detected when it is read.
   */
  static *open<Value extends object>(
    path: string,
    fields: readonly (keyof Value & string)[],
  ): Pieces<KvStore<Value>> {
    const bytes = yield* readWhole(path);
    const saved = new Map<string, Extent>();
    for (const { key, start, end } of bytes === undefined ? [] : objectMembers(bytes)) {
      saved.set(key, { start, end });
      yield;
    }
    return new KvStore<Value>(path, { saved, fields, image: yield* imageOf(bytes) });
  }

  get size(): number {
    return this.#size;
  }

  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  has(key: string): boolean {
    const changed = this.#changed.get(key);
    return changed === undefined ? this.#saved.has(key) : changed !== null;
  }

  /** Throws `DIRECT_FOLDER_DAMAGED` when the record in the file is invalid for this store. */
  get(key: string): Value | undefined {
    return this.#value(key, (extent) => this.#records.bytes(extent));
  }

  /** Throws as `get` does. */
  *entries(): Generator<[key: string, value: Value]> {
    for (const key of [...this.keys()]) {
      const value = this.#value(key, (extent) => this.#records.next(extent));
      if (value !== undefined) yield [key, value];
    }
  }

  *keys(): IterableIterator<string> {
    for (const key of this.#saved.keys()) if (this.#changed.get(key) !== null) yield key;
    for (const [key, value] of this.#changed) if (value !== null && !this.#saved.has(key)) yield key;
  }

  set(key: string, value: Value): void {
    if (!this.has(key)) {
      this.#size++;
      // A key that was deleted comes last, as any new one does.
      this.#saved.delete(key);
      this.#changed.delete(key);
    }
    this.#changed.set(key, value);
    this.#tell(key, true);
  }

  delete(key: string): void {
    if (!this.has(key)) return;
    this.#size--;
    if (this.#saved.has(key)) this.#changed.set(key, null);
    else this.#changed.delete(key);
    this.#tell(key, false);
  }

  watch(changed: (key: string, isThere: boolean) => void): void {
    this.#watchers.push(changed);
  }

  async write(out: ReplacementFile): Promise<void> {
    this.#written = new Map();
    await out.write("{");
    for (const key of this.keys()) {
      await out.write(`${this.#written.size === 0 ? "" : ","}\n  ${JSON.stringify(key)}: `);
      const start = out.offset;
      await out.write(this.#valueBytes(key));
      this.#written.set(key, { start, end: out.offset });
    }
    await out.write(this.#written.size === 0 ? "}" : "\n}");
    this.image = out.image;
  }

  published(): void {
    this.#records.close();
    this.#records = SavedRecords.open(this.path);
    this.#saved = this.#written;
    this.#written = new Map();
    this.#changed.clear();
  }

  close(): void {
    this.#records.close();
  }

  #tell(key: string, isThere: boolean): void {
    for (const changed of this.#watchers) changed(key, isThere);
  }

  #value(key: string, read: (extent: Extent) => Buffer): Value | undefined {
    const changed = this.#changed.get(key);
    if (changed !== undefined) return changed ?? undefined;
    const extent = this.#saved.get(key);
    return extent && parseRecord<Value>(read(extent), { path: this.path, key, fields: this.#fields });
  }

  #valueBytes(key: string): Buffer {
    const changed = this.#changed.get(key);
    if (changed) return Buffer.from(indented(changed));
    const extent = this.#saved.get(key);
    if (extent === undefined) throw new Error("a listed key has neither a saved nor a changed value");
    return this.#records.next(extent);
  }
}

function indented(value: object): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}
