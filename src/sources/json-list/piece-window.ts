import { createHash, type Hash } from "node:crypto";

/** How much of the beginning of an oversized piece is kept, to read its first members. */
const headBytes = 64 * 1024;

/** The bytes of one piece of a list. */
export interface Piece {
  /** All of them, or the first and the last ones of an oversized piece. */
  bytes: Buffer;
  size: number;
  isWhole: boolean;
  /** SHA-256 (hex) of all of them; null for a whole piece. */
  digest: string | null;
}

/**
 * The bytes that have arrived and are still needed, in one buffer: from the beginning of the current piece to the last byte.
 * Positions count from the beginning of the buffer; `append` returns by how much they have decreased.
 */
export class PieceWindow {
  bytes: Buffer = Buffer.alloc(0);
  /** Where the piece begins, as far as it is still here. */
  start = 0;
  /** The read position; one beyond the end when the next byte is escaped. */
  at = 0;
  end = 0;
  #head: Buffer | null = null;
  #hash: Hash | null = null;
  #shed = 0;

  append(chunk: Buffer): number {
    const left = this.end - this.start;
    return left === 0 ? this.#adopt(chunk) : this.#extend(chunk, left);
  }

  /** Begins a new piece at a position. */
  beginAt(position: number): void {
    this.start = position;
    this.#head = null;
    this.#hash = null;
    this.#shed = 0;
  }

  /** Bytes of the piece so far. */
  get size(): number {
    return this.#shed + this.end - this.start;
  }

  /** Drops the piece's bytes except for its beginning and the last ones. */
  shed(): void {
    const cut = Math.max(this.start, this.end - headBytes);
    const part = this.bytes.subarray(this.start, cut);
    this.#head ??= Buffer.from(part.subarray(0, headBytes));
    this.#hash = (this.#hash ?? createHash("sha256")).update(part);
    this.#shed += part.length;
    this.start = cut;
  }

  /** The piece up to a position. The bytes are valid until the next `append`. */
  take(to: number): Piece {
    const rest = this.bytes.subarray(this.start, to);
    const size = this.#shed + rest.length;
    if (this.#head === null || this.#hash === null) return { bytes: rest, size, isWhole: true, digest: null };
    const digest = this.#hash.update(rest).digest("hex");
    return { bytes: Buffer.concat([this.#head, rest]), size, isWhole: false, digest };
  }

  #adopt(chunk: Buffer): number {
    const moved = this.end;
    this.at -= moved;
    this.bytes = chunk;
    this.start = 0;
    this.end = chunk.length;
    return moved;
  }

  #extend(chunk: Buffer, left: number): number {
    const moved = this.start;
    if (moved > 0 || this.end + chunk.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * (left + chunk.length), 65_536));
      this.bytes.copy(larger, 0, this.start, this.end);
      this.at -= moved;
      this.start = 0;
      this.end = left;
      this.bytes = larger;
    }
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
    return moved;
  }
}
