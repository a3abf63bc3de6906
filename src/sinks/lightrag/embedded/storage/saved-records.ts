import { closeSync, fstatSync } from "node:fs";
import { folderDamaged } from "./folder-errors.ts";
import type { Extent } from "./json-scan.ts";
import { openIfThere, readFully } from "./read-whole.ts";

/** What is read on ahead of a record that is asked for in its turn. */
const aheadBytes = 256 * 1024;

/**
 * Records that remain in their file and are read by position, so that a store's memory does not grow with its texts. The file is kept
 * open: it can be replaced on disk while this still reads the old one.
 */
export class SavedRecords {
  readonly #descriptor: number | undefined;
  /** The part of the file that was read last by `next`. */
  #read: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  private constructor(descriptor: number | undefined) {
    this.#descriptor = descriptor;
  }

  /** A missing file has no records. */
  static open(path: string): SavedRecords {
    return new SavedRecords(openIfThere(path));
  }

  bytes({ start, end }: Extent): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    readFully(this.#opened, bytes, start);
    return bytes;
  }

  /** As `bytes`, for one record after the other in the order of the file: one read of the file gets many of them. */
  next({ start, end }: Extent): Buffer {
    const isThere = start >= this.#read.start && end <= this.#read.start + this.#read.bytes.length;
    if (!isThere) this.#read = { start, bytes: this.#readAhead(start, Math.max(aheadBytes, end - start)) };
    return this.#read.bytes.subarray(start - this.#read.start, end - this.#read.start);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }

  #readAhead(start: number, most: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(most, fstatSync(this.#opened).size - start));
    readFully(this.#opened, bytes, start);
    return bytes;
  }

  get #opened(): number {
    if (this.#descriptor === undefined)
      throw new Error("a record of a file that does not exist was asked for");
    return this.#descriptor;
  }
}

/** A record of the file at `path`. Throws `DIRECT_FOLDER_DAMAGED` when it is none, or lacks one of the fields. */
export function parseRecord<Value extends object>(
  bytes: Buffer,
  { path, key, fields }: { path: string; key: string; fields: readonly string[] },
): Value {
  const value = parseJson(bytes);
  if (hasFields<Value>(value, fields)) return value;
  throw folderDamaged(path, `its record "${key}" is not what LightRAG writes`);
}

/** Undefined for what is not JSON. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function hasFields<Value extends object>(value: unknown, fields: readonly string[]): value is Value {
  return typeof value === "object" && value !== null && fields.every((field) => field in value);
}
