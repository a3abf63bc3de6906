import { deflateSync, inflateSync } from "node:zlib";
import { plural } from "../../../../kernel/util/readable.ts";
import { arrayItems, type Extent, objectMembers } from "./json-scan.ts";
import { VectorMatrix } from "./vector-matrix.ts";

/**
 * NanoVectorDB's file: `{"embedding_dim", "data": [records], "matrix"}` (contract §9.3). `matrix` is base64 of the normalised rows
 * as little-endian 32-bit floats; a record's `vector` is base64 of the zlib-compressed 16-bit floats of the model.
 */
export interface VectorFileContent {
  dimension: number;
  /** Position of each record in the file, in the order of the matrix rows. */
  records: Extent[];
  matrix: VectorMatrix;
}

/** The fields of a record besides its payload. */
export interface VectorRecordHead {
  __id__: string;
  /** Whole seconds since the epoch. */
  __created_at__?: number;
}

/** Throws `SyntaxError` when the bytes are not such a file. */
export function readVectorFile(bytes: Buffer): VectorFileContent {
  const members = new Map([...objectMembers(bytes)].map((member) => [member.key, member]));
  const dimension: unknown = JSON.parse(memberText(bytes, members.get("embedding_dim")));
  if (typeof dimension !== "number" || !(dimension > 0))
    throw new SyntaxError("embedding_dim is not a number");
  const data = members.get("data");
  const records = data === undefined ? [] : [...arrayItems(bytes, data.start)];
  const matrix = readMatrix(bytes, members.get("matrix"), dimension);
  if (matrix.rows !== records.length) {
    throw new SyntaxError(`${plural(records.length, "record")} but ${matrix.rows} matrix rows`);
  }
  return { dimension, records, matrix };
}

function memberText(bytes: Buffer, extent: Extent | undefined): string {
  return extent === undefined ? "null" : bytes.toString("utf8", extent.start, extent.end);
}

/** Decodes row by row: the text of a large matrix exceeds the maximum length of a string. */
function readMatrix(bytes: Buffer, extent: Extent | undefined, dimension: number): VectorMatrix {
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
    for (; used + rowBytes <= waiting.length; used += rowBytes) fillRow(matrix.append(), waiting, used);
    waiting = waiting.subarray(used);
  }
  if (waiting.length > 0) throw new SyntaxError("the matrix ends inside a row");
  return matrix;
}

function fillRow(row: Float32Array, bytes: Buffer, from: number): void {
  for (let i = 0; i < row.length; i++) row[i] = bytes.readFloatLE(from + 4 * i);
}

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
  const bytes = Buffer.allocUnsafe(row.length * 4);
  for (const [i, value] of row.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes;
}
