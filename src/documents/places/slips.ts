/**
 * Tells of one name after the other whether somebody who wrote `written` may have meant it: it begins like that, or it, or as many of its first words
 * as were written, differs in at most `most` letters. It goes through sorted names: what is known of the letters that a name shares with the one
 * before is not found out again, and of names that begin too differently nothing is.
 */
export class Slips {
  readonly #written: readonly number[];
  readonly #most: number;
  readonly #spaces: number;
  /** How many letters differ between the first `depth` letters of a name and each beginning of what was written; one row a depth. */
  readonly #rows: Uint8Array[] = [];
  /** From so many letters on, no more can make good what differs. */
  #hopelessFrom = Number.POSITIVE_INFINITY;

  constructor(written: string, most: number) {
    this.#written = Array.from({ length: written.length }, (_, at) => written.charCodeAt(at));
    this.#most = most;
    this.#spaces = written.split(" ").length - 1;
    this.#rows.push(Uint8Array.from({ length: written.length + 1 }, (_, at) => Math.min(at, tooMany)));
  }

  /** `shared`: how many characters are those of the name that was asked about before. */
  mayMean(name: Uint16Array, length: number, shared: number): boolean {
    if (shared < this.#hopelessFrom) {
      this.#hopelessFrom = Number.POSITIVE_INFINITY;
      for (let depth = shared + 1; depth <= length && depth < this.#hopelessFrom; depth++)
        if (!this.#enter(name, depth)) this.#hopelessFrom = depth;
    }
    // The shortest beginning that can be like what was written.
    if (this.#hopelessFrom <= this.#written.length - this.#most) return false;
    return this.#differing(length) <= this.#most || this.#begins(length) || this.#hasLikeWords(name, length);
  }

  /** Of the first `depth` letters, with all that was written. */
  #differing(depth: number): number {
    const all = this.#written.length;
    const isKnown = depth < this.#hopelessFrom && Math.abs(depth - all) <= this.#most;
    return isKnown ? (this.#rows[depth]?.[all] ?? tooMany) : tooMany;
  }

  #begins(length: number): boolean {
    return length >= this.#written.length && this.#differing(this.#written.length) === 0;
  }

  #hasLikeWords(name: Uint16Array, length: number): boolean {
    if (this.#most === 0) return false;
    let passed = 0;
    for (let at = 0; at < length && at < this.#hopelessFrom; at++)
      if (name[at] === space && passed++ === this.#spaces) return this.#differing(at) <= this.#most;
    return false;
  }

  /**
   * Makes the row of a depth; false where every further letter leaves too many that differ. Beginnings that are longer or shorter by more letters
   * than may differ are left out.
   */
  #enter(name: Uint16Array, depth: number): boolean {
    const [above, before, row] = [
      this.#rowAt(depth - 1),
      this.#rowAt(Math.max(0, depth - 2)),
      this.#rowAt(depth),
    ];
    const [written, most] = [this.#written, this.#most];
    const [letter, last] = [name[depth - 1], depth > 1 ? name[depth - 2] : none];
    const from = Math.max(1, depth - most);
    const to = Math.min(written.length, depth + most);
    row[from - 1] = from === 1 ? Math.min(depth, tooMany) : tooMany;
    let least = row[from - 1] as number;
    for (let at = from; at <= to; at++) {
      const own = written[at - 1];
      let differ = (above[at - 1] as number) + (own === letter ? 0 : 1);
      if ((above[at] as number) < differ) differ = (above[at] as number) + 1;
      if ((row[at - 1] as number) < differ) differ = (row[at - 1] as number) + 1;
      if (at > 1 && own === last && written[at - 2] === letter && (before[at - 2] as number) < differ)
        differ = (before[at - 2] as number) + 1;
      row[at] = Math.min(differ, tooMany);
      if (differ < least) least = differ;
    }
    if (to < written.length) row[to + 1] = tooMany;
    return least <= most;
  }

  #rowAt(depth: number): Uint8Array {
    this.#rows[depth] ??= new Uint8Array(this.#written.length + 1);
    return this.#rows[depth];
  }
}

const space = 32;
const none = -1;
/** More letters than may ever differ. */
const tooMany = 200;
