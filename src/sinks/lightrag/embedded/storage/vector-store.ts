import { atOnce, type Pieces } from "../../../../kernel/util/pieces.ts";
import { BestMatches } from "./best-matches.ts";
import { type FileImage, imageOf, noFile } from "./file-image.ts";
import type { Extent } from "./json-scan.ts";
import { readWhole } from "./read-whole.ts";
import type { VectorMatch, VectorReader } from "./readers.ts";
import type { ReplacementFile, StoredFile } from "./replacement-file.ts";
import { parseRecord, SavedRecords } from "./saved-records.ts";
import {
  decodeVector,
  encodeVector,
  readVectorFile,
  rowBytes,
  type VectorRecordHead,
} from "./vector-file.ts";
import { norm, normalised, VectorMatrix } from "./vector-matrix.ts";

/** A record that has not been written to the file yet. */
interface ChangedRecord<Payload> {
  payload: Payload;
  /** Whole seconds since the epoch. */
  createdAt: number;
  /** Norm of the model's vector; the matrix has it normalised. */
  length: number;
}

interface Row<Payload> {
  id: string;
  saved: Extent | undefined;
  changed: ChangedRecord<Payload> | undefined;
}

/**
 * One of LightRAG's vector files. Memory holds the ids, the normalised vectors and the changes since the file was written; payloads
 * are read from the file on demand.
 */
export class VectorStore<Payload extends object> implements VectorReader<Payload>, StoredFile {
  readonly path: string;
  readonly dimension: number;
  readonly #matrix: VectorMatrix;
  #records: SavedRecords;
  readonly #rows: Row<Payload>[] = [];
  readonly #rowOf = new Map<string, number>();
  #written: Extent[] = [];
  #writes = 0;
  dirty = false;
  image: FileImage;

  private constructor(path: string, matrix: VectorMatrix, image: FileImage) {
    this.path = path;
    this.dimension = matrix.dimension;
    this.#matrix = matrix;
    this.#records = SavedRecords.open(path);
    this.image = image;
  }

  /**
   * An existing file keeps its own dimension, whatever is requested: the caller compares. Throws `SyntaxError` when the file is not
   * a vector file.
   */
  static *open<Payload extends object>(path: string, dimension: number): Pieces<VectorStore<Payload>> {
    const bytes = yield* readWhole(path);
    if (bytes === undefined) return new VectorStore(path, new VectorMatrix(dimension), noFile);
    const content = yield* readVectorFile(bytes);
    const store = new VectorStore<Payload>(path, content.matrix, yield* imageOf(bytes));
    for (const { id, saved } of content.records) {
      store.#rowOf.set(id, store.#rows.length);
      store.#rows.push({ id, saved, changed: undefined });
    }
    return store;
  }

  get size(): number {
    return this.#rows.length;
  }

  has(id: string): boolean {
    return this.#rowOf.has(id);
  }

  payload(id: string): Payload | undefined {
    const index = this.#rowOf.get(id);
    return index === undefined ? undefined : this.#payloadAt(index);
  }

  vector(id: string): Float32Array | undefined {
    const index = this.#rowOf.get(id);
    return index === undefined ? undefined : this.#matrix.row(index).slice();
  }

  *nearest(
    query: Float32Array,
    count: number,
    threshold: number,
    isMeant: (id: string) => boolean = () => true,
  ): Pieces<VectorMatch[]> {
    let best = new BestMatches(count);
    const offer = (row: number, score: number) => {
      if (score < threshold) return;
      const candidate = { row, score };
      // Whether one is meant may be read from a file: only those that would be kept are asked about.
      if (best.takes(candidate) && isMeant(this.#row(row).id)) best.offer(candidate);
    };
    const before = this.#writes;
    const scan = this.#matrix.dotProducts(normalised(query), offer);
    while (scan.next().done !== true) {
      yield;
      if (this.#writes === before) continue;
      // Rows have moved meanwhile: once more, at a stretch.
      best = new BestMatches(count);
      atOnce(this.#matrix.dotProducts(normalised(query), offer));
      break;
    }
    return best.sorted().map(({ row, score }) => ({ id: this.#row(row).id, score }));
  }

  /** `createdAt` in whole seconds since the epoch. */
  set(id: string, payload: Payload, vector: Float32Array, createdAt: number): void {
    this.#writes++;
    const existing = this.#rowOf.get(id);
    const row: Row<Payload> = { id, saved: undefined, changed: { payload, createdAt, length: norm(vector) } };
    if (existing === undefined) {
      this.#rowOf.set(id, this.#rows.length);
      this.#rows.push(row);
      this.#matrix.append().set(normalised(vector));
    } else {
      this.#rows[existing] = row;
      this.#matrix.row(existing).set(normalised(vector));
    }
    this.dirty = true;
  }

  /** Changes the payload of an existing vector. */
  setPayload(id: string, payload: Payload, createdAt: number): void {
    const index = this.#rowOf.get(id);
    if (index === undefined) return;
    this.#rows[index] = {
      id,
      saved: undefined,
      changed: { payload, createdAt, length: this.#lengthAt(index) },
    };
    this.dirty = true;
  }

  /** The last row replaces the deleted one. */
  delete(id: string): void {
    this.#writes++;
    const index = this.#rowOf.get(id);
    const last = this.#rows.at(-1);
    if (index === undefined || last === undefined) return;
    this.#matrix.row(index).set(this.#matrix.row(this.#rows.length - 1));
    this.#rows[index] = last;
    this.#rowOf.set(last.id, index);
    this.#rows.pop();
    this.#rowOf.delete(id);
    this.#matrix.drop();
    this.dirty = true;
  }

  async write(out: ReplacementFile): Promise<void> {
    this.#written = [];
    await out.write(`{"embedding_dim": ${this.dimension}, "data": [`);
    for (let index = 0; index < this.#rows.length; index++) {
      if (index > 0) await out.write(", ");
      const start = out.offset;
      await out.write(this.#recordBytes(index));
      this.#written.push({ start, end: out.offset });
    }
    await out.write('], "matrix": "');
    await this.#writeMatrix(out);
    await out.write('"}');
    this.image = out.image;
  }

  published(): void {
    this.#records.close();
    this.#records = SavedRecords.open(this.path);
    for (const [index, saved] of this.#written.entries()) {
      this.#rows[index] = { id: this.#row(index).id, saved, changed: undefined };
    }
    this.#written = [];
    this.dirty = false;
  }

  close(): void {
    this.#records.close();
  }

  #row(index: number): Row<Payload> {
    return this.#rows[index] as Row<Payload>;
  }

  #payloadAt(index: number): Payload {
    const row = this.#row(index);
    if (row.changed !== undefined) return row.changed.payload;
    const { __id__, __created_at__, __write_seq__, vector, ...payload } = this.#storedAt(row);
    return payload as Payload;
  }

  /** The file keeps the model's original vector besides the normalised one. */
  #lengthAt(index: number): number {
    const row = this.#row(index);
    if (row.changed !== undefined) return row.changed.length;
    const { vector } = this.#storedAt(row);
    return typeof vector === "string" ? norm(decodeVector(vector)) : 1;
  }

  /** Throws `DIRECT_FOLDER_DAMAGED`. */
  #storedAt({ id, saved }: Row<Payload>): Payload & Record<string, unknown> {
    const bytes = this.#records.bytes(saved as Extent);
    return parseRecord(bytes, { path: this.path, key: id, fields: ["__id__"] });
  }

  /** For all rows in their order. */
  #recordBytes(index: number): Buffer {
    const { id, saved, changed } = this.#row(index);
    if (changed === undefined) return this.#records.next(saved as Extent);
    const head: VectorRecordHead = { __id__: id, __created_at__: changed.createdAt };
    const vector = encodeVector(this.#matrix.row(index).map((value) => value * changed.length));
    return Buffer.from(JSON.stringify({ ...head, ...changed.payload, vector }));
  }

  /** Base64 encodes groups of three bytes: the rest of a row is carried over to the next. */
  async #writeMatrix(out: ReplacementFile): Promise<void> {
    let waiting = Buffer.alloc(0);
    for (let index = 0; index < this.#rows.length; index++) {
      waiting = Buffer.concat([waiting, rowBytes(this.#matrix.row(index))]);
      const whole = waiting.length - (waiting.length % 3);
      await out.write(waiting.toString("base64", 0, whole));
      waiting = waiting.subarray(whole);
    }
    await out.write(waiting.toString("base64"));
  }
}
