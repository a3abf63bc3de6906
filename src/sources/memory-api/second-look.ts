import { findBeginning, followObject, type Span } from "./find-items.ts";

/** How often each byte may be looked at again, all in all, in search of items behind broken ones. */
const looksAgain = 8;
const firstLooks = 64 * 1024;

/**
 * Looks for whole items in what was taken for a part of a broken one. It may look at bytes again only so often, so that time grows with the
 * bytes whatever stands in them.
 */
export class SecondLook {
  readonly #isItem: (bytes: Buffer) => boolean;
  #received = 0;
  #spent = 0;

  constructor(isItem: (bytes: Buffer) => boolean) {
    this.#isItem = isItem;
  }

  /** Bytes that were looked at, each as often as it was. */
  get work(): number {
    return this.#received + this.#spent;
  }

  get isAllowed(): boolean {
    return this.#spent < firstLooks + looksAgain * this.#received;
  }

  /** So many bytes have come. */
  receive(bytes: number): void {
    this.#received += bytes;
  }

  /** So many bytes are looked at once more. */
  spend(bytes: number): void {
    this.#spent += bytes;
  }

  /** Where the first item begins that stands whole behind the beginning of a piece and begins before `limit`; null when there is none. */
  findItem(piece: Span, limit: number): number | null {
    const { bytes, from: floor, to } = piece;
    let from = floor + 1;
    while (this.isAllowed) {
      const beginning = findBeginning({ bytes, from, to }, { floor, limit });
      if (!("found" in beginning)) return null;
      const { found } = beginning;
      const followed = followObject({ bytes, from: found, to });
      this.spend(followed.at - found);
      if (followed.end !== null && this.#isItem(bytes.subarray(found, followed.end))) return found;
      from = found + 1;
    }
    return null;
  }
}
