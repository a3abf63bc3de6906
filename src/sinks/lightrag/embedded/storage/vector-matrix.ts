import type { Pieces } from "../../../../kernel/util/pieces.ts";

const rowsPerBlock = 1024;

/** Rows of 32-bit floats in blocks: growing copies nothing and wastes at most one block. */
export class VectorMatrix {
  readonly dimension: number;
  #blocks: Float32Array[] = [];
  #rows = 0;

  constructor(dimension: number) {
    this.dimension = dimension;
  }

  get rows(): number {
    return this.#rows;
  }

  /** The row itself, not a copy. */
  row(index: number): Float32Array {
    const block = this.#blocks[Math.floor(index / rowsPerBlock)];
    if (block === undefined || index >= this.#rows) throw new RangeError(`the matrix has no row ${index}`);
    const start = (index % rowsPerBlock) * this.dimension;
    return block.subarray(start, start + this.dimension);
  }

  /** Adds a row of zeros and returns it. */
  append(): Float32Array {
    if (this.#rows % rowsPerBlock === 0) this.#blocks.push(new Float32Array(rowsPerBlock * this.dimension));
    this.#rows++;
    return this.row(this.#rows - 1);
  }

  /** Removes the last row. */
  drop(): void {
    this.row(this.#rows - 1).fill(0);
    this.#rows--;
    if (this.#rows % rowsPerBlock === 0) this.#blocks.pop();
  }

  /** Calls `visit` with the dot product of each row and the query. Rows must not change before it has ended. */
  *dotProducts(query: Float32Array, visit: (row: number, product: number) => void): Pieces<void> {
    let row = 0;
    for (const block of this.#blocks) {
      this.#dotProductsIn(block, row, { query, visit });
      row += rowsPerBlock;
      yield;
    }
  }

  #dotProductsIn(
    block: Float32Array,
    first: number,
    { query, visit }: { query: Float32Array; visit: (row: number, product: number) => void },
  ): void {
    const { dimension } = this;
    const end = Math.min(this.#rows, first + rowsPerBlock);
    for (let row = first, start = 0; row < end; row++, start += dimension) {
      let product = 0;
      for (let i = 0; i < dimension; i++) product += (block[start + i] as number) * (query[i] as number);
      visit(row, product);
    }
  }
}

/** Length of a vector, in the precision of the file. */
export function norm(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.fround(Math.sqrt(squares));
}

/** A copy of length 1. A zero vector is unchanged. */
export function normalised(vector: Float32Array): Float32Array {
  const length = norm(vector);
  return length === 0 ? vector.slice() : vector.map((value) => value / length);
}
