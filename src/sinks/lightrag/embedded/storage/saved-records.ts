import { closeSync } from "node:fs";
import type { Extent } from "./json-scan.ts";
import { openIfThere, readFully } from "./read-whole.ts";

/**
 * Records that remain in their file and are read one at a time by position, so that a store's memory does not grow with its texts.
 * The file is kept open: it can be replaced on disk while this still reads the old one.
 */
export class SavedRecords {
  readonly #descriptor: number | undefined;

  private constructor(descriptor: number | undefined) {
    this.#descriptor = descriptor;
  }

  /** A missing file has no records. */
  static open(path: string): SavedRecords {
    return new SavedRecords(openIfThere(path));
  }

  bytes(extent: Extent): Buffer {
    const bytes = Buffer.allocUnsafe(extent.end - extent.start);
    readFully(this.#opened, bytes, extent.start);
    return bytes;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }

  get #opened(): number {
    if (this.#descriptor === undefined)
      throw new Error("a record of a file that does not exist was asked for");
    return this.#descriptor;
  }
}
