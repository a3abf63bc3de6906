export type Compare<T> = (a: T, b: T) => number;

/** Items in order, no two of them equal. Lookup is logarithmic; insertion and removal shift the items behind. */
export class SortedList<Place, Item extends Place> {
  readonly #items: Item[] = [];
  readonly #compare: Compare<Place>;

  constructor(compare: Compare<Place>) {
    this.#compare = compare;
  }

  add(item: Item): void {
    this.#items.splice(this.#countUpTo(item), 0, item);
  }

  remove(place: Place): void {
    if (this.find(place) !== undefined) this.#items.splice(this.#countUpTo(place) - 1, 1);
  }

  find(place: Place): Item | undefined {
    const found = this.#items[this.#countUpTo(place) - 1];
    return found !== undefined && this.#compare(found, place) === 0 ? found : undefined;
  }

  /** The items after this position, whether it exists or not; without it, all. The list must not change meanwhile. */
  *after(place?: Place): Generator<Item> {
    for (let at = place === undefined ? 0 : this.#countUpTo(place); at < this.#items.length; at++) {
      const next = this.#items[at];
      if (next !== undefined) yield next;
    }
  }

  /** The items before this position, in reverse order; without it, all. The list must not change meanwhile. */
  *before(place?: Place): Generator<Item> {
    let at = place === undefined ? this.#items.length : this.#countUpTo(place);
    for (at -= 1; at >= 0; at--) {
      const next = this.#items[at];
      if (next !== undefined && (place === undefined || this.#compare(next, place) < 0)) yield next;
    }
  }

  /** Number of items not greater than this position. */
  #countUpTo(place: Place): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#items[middle];
      if (candidate !== undefined && this.#compare(candidate, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
