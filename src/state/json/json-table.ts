import { type Compare, SortedList } from "./sorted-list.ts";

/** The inverses of the changes since the last `forget`, newest first. */
export class UndoLog {
  readonly #steps: (() => void)[] = [];

  get length(): number {
    return this.#steps.length;
  }

  record(undo: () => void): void {
    this.#steps.push(undo);
  }

  /** Rolls back the changes made since the log had this length. */
  rollBackTo(length: number): void {
    while (this.#steps.length > length) this.#steps.pop()?.();
  }

  forget(): void {
    this.#steps.length = 0;
  }
}

/**
 * A record keeps its JSON text, from which copies are parsed and which is written to the file: it is serialised once, when it is
 * saved. Besides the text it has the fields for orders and filters.
 */
export interface JsonRecord {
  json: string;
}

/**
 * Records in memory in two orders; the first identifies a record. `Place` is the sort key. Each change records its inverse in the log.
 */
export class JsonTable<Place, Stored extends Place & JsonRecord> {
  readonly #log: UndoLog;
  readonly #identity: SortedList<Place, Stored>;
  readonly #listing: SortedList<Place, Stored>;

  constructor(log: UndoLog, orders: { identity: Compare<Place>; listing: Compare<Place> }) {
    this.#log = log;
    this.#identity = new SortedList(orders.identity);
    this.#listing = new SortedList(orders.listing);
  }

  find(place: Place): Stored | undefined {
    return this.#identity.find(place);
  }

  inIdentityOrder(after?: Place): Iterable<Stored> {
    return this.#identity.after(after);
  }

  inListingOrder(after?: Place): Iterable<Stored> {
    return this.#listing.after(after);
  }

  /** Backwards. */
  inReverseListingOrder(before?: Place): Iterable<Stored> {
    return this.#listing.before(before);
  }

  /** Replaces `before` by `next`; either may be missing. */
  replace(before: Stored | undefined, next: Stored | undefined): void {
    this.#exchange(before, next);
    this.#log.record(() => this.#exchange(next, before));
  }

  #exchange(out: Stored | undefined, into: Stored | undefined): void {
    for (const list of [this.#identity, this.#listing]) {
      if (out !== undefined) list.remove(out);
      if (into !== undefined) list.add(into);
    }
  }
}

/** The record as it was saved; a copy each time. */
export function copyOf<T>({ json }: JsonRecord): T {
  return JSON.parse(json) as T;
}

/** Up to `limit` of the records that match, and whether there are more. */
export function takePage<Stored>(
  records: Iterable<Stored>,
  matches: (record: Stored) => boolean,
  limit: number,
): { shown: Stored[]; more: boolean } {
  const shown: Stored[] = [];
  for (const record of records) {
    if (!matches(record)) continue;
    if (shown.length === limit) return { shown, more: true };
    shown.push(record);
  }
  return { shown, more: false };
}
