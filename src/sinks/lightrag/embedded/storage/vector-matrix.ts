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

  /** Calls `visit` with the dot product of each row and the query. */
  dotProducts(query: Float32Array, visit: (row: number, product: number) => void): void {
    const { dimension } = this;
    let row = 0;
    for (const block of this.#blocks) {
      const end = Math.min(this.#rows - row, rowsPerBlock);
      for (let inBlock = 0, start = 0; inBlock < end; inBlock++, start += dimension, row++) {
        visit(row, product(block, start, query));
      }
    }
  }
}

/** Of a row and the query, in four sums side by side: none waits for the one before it. */
function product(block: Float32Array, start: number, query: Float32Array): number {
  const { length } = query;
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += (block[start + i] as number) * (query[i] as number);
    b += (block[start + i + 1] as number) * (query[i + 1] as number);
    c += (block[start + i + 2] as number) * (query[i + 2] as number);
    d += (block[start + i + 3] as number) * (query[i + 3] as number);
  }
  for (; i < length; i++) a += (block[start + i] as number) * (query[i] as number);
  return a + b + c + d;
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
