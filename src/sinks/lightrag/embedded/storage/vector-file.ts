import { endianness } from "node:os";
import { deflateSync, inflateSync } from "node:zlib";
import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { plural } from "../../../../kernel/util/readable.ts";
import { type Extent, objectMembers } from "./json-scan.ts";
import { VectorMatrix } from "./vector-matrix.ts";

/**
 * NanoVectorDB's file: `{"embedding_dim", "data": [records], "matrix"}` (contract §9.3). `matrix` is base64 of the normalised rows
 * as little-endian 32-bit floats; a record's `vector` is base64 of the zlib-compressed 16-bit floats of the model.
 */
export interface VectorFileContent {
  dimension: number;
  /** In the order of the matrix rows. */
  records: SavedVectorRecord[];
  matrix: VectorMatrix;
}

/** A record and its position in the file. */
export interface SavedVectorRecord {
  id: string;
  saved: Extent;
}

/** The fields of a record besides its payload. */
export interface VectorRecordHead {
  __id__: string;
  /** Whole seconds since the epoch. */
  __created_at__?: number;
}

/** Throws `SyntaxError` when the bytes are not such a file. */
export function* readVectorFile(bytes: Buffer): Pieces<VectorFileContent> {
  const extents = new Map<string, Extent>();
  const records: SavedVectorRecord[] = [];
  for (const member of objectMembers(bytes)) {
    extents.set(member.key, member);
    for (const saved of member.key === "data" ? member.items() : []) {
      records.push({ id: idOf(bytes, saved), saved });
      yield;
    }
  }
  const dimension: unknown = JSON.parse(memberText(bytes, extents.get("embedding_dim")));
  if (typeof dimension !== "number" || !(dimension > 0))
    throw new SyntaxError("embedding_dim is not a number");
  const matrix = yield* readMatrix(bytes, extents.get("matrix"), dimension);
  if (matrix.rows !== records.length) {
    throw new SyntaxError(`${plural(records.length, "record")} but ${matrix.rows} matrix rows`);
  }
  return { dimension, records, matrix };
}

/** The other members, which hold a text and a vector, are not parsed. */
function idOf(bytes: Buffer, record: Extent): string {
  for (const { key, start, end } of objectMembers(bytes, record.start))
    if (key === "__id__") return String(JSON.parse(bytes.toString("utf8", start, end)));
  throw new SyntaxError(`a record at byte ${record.start} has no __id__`);
}

function memberText(bytes: Buffer, extent: Extent | undefined): string {
  return extent === undefined ? "null" : bytes.toString("utf8", extent.start, extent.end);
}

/** Decodes row by row: the text of a large matrix exceeds the maximum length of a string. */
function* readMatrix(bytes: Buffer, extent: Extent | undefined, dimension: number): Pieces<VectorMatrix> {
  const matrix = new VectorMatrix(dimension);
  if (extent === undefined) return matrix;
  const rowBytes = dimension * 4;
  let waiting = Buffer.alloc(0);
  // Whole groups of four letters, which are three bytes each.
  const step = 4 * Math.max(1, Math.ceil(rowBytes / 3)) * 64;
  for (let at = extent.start + 1; at < extent.end - 1; at += step) {
    const text = bytes.toString("latin1", at, Math.min(at + step, extent.end - 1));
    waiting = Buffer.concat([waiting, Buffer.from(text, "base64")]);
    let used = 0;
    for (; used + rowBytes <= waiting.length; used += rowBytes)
      turned(waiting.subarray(used, used + rowBytes)).copy(bytesOf(matrix.append()));
    waiting = waiting.subarray(used);
    yield;
  }
  if (waiting.length > 0) throw new SyntaxError("the matrix ends inside a row");
  return matrix;
}

/** The memory of a row. */
const bytesOf = (row: Float32Array): Buffer => Buffer.from(row.buffer, row.byteOffset, row.byteLength);

/** Floats of this machine as those of the file, or back, in place: the file has the lowest byte first. */
const turned = (floats: Buffer): Buffer => (endianness() === "LE" ? floats : floats.swap32());

/** The `vector` field of a record. */
export function encodeVector(vector: Float32Array): string {
  const halves = Buffer.alloc(vector.length * 2);
  const view = new DataView(halves.buffer, halves.byteOffset, halves.byteLength);
  for (const [i, value] of vector.entries()) view.setFloat16(2 * i, value, true);
  return deflateSync(halves, { level: 1 }).toString("base64");
}

/** Reverses `encodeVector`, to 16-bit precision. */
export function decodeVector(encoded: string): Float32Array {
  const halves = inflateSync(Buffer.from(encoded, "base64"));
  const view = new DataView(halves.buffer, halves.byteOffset, halves.byteLength);
  return Float32Array.from({ length: halves.length / 2 }, (_, i) => view.getFloat16(2 * i, true));
}

/** The bytes of a row in the matrix. */
export function rowBytes(row: Float32Array): Buffer {
  return turned(Buffer.from(bytesOf(row)));
}
