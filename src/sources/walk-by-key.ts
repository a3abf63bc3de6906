import { KnownItems } from "./known-items.ts";

/** A list in the order of a key that does not change, such as the time of making, and that can begin at one. */
export interface ListByKey<Item> {
  /**
   * A page of the items from `from` on, items of that key included; all of them where it is null. `token`, from the page before,
   * goes on in the same list. `next` is the token of the following page; null on the last one.
   */
  page(from: number | null, token: string | null): Promise<{ items: readonly Item[]; next: string | null }>;
  idOf(item: Item): string;
  /** The key as a number; null for an item without one, which may stand anywhere. */
  keyOf(item: Item): number | null;
  /** Whether `one` stands before `other` in this list. */
  isBefore(one: number, other: number): boolean;
}

/** What was read, and the key at which the rest begins; null where no key says it. */
export interface KeyedPage<Item> {
  items: readonly Item[];
  next: number | null;
}

/**
 * Walks through a list by key: always the first page of what begins at the last key. So nothing is missed that exists throughout,
 * whatever is added or deleted meanwhile; a token, which holds an offset, is followed only within one key. What is at a border is shown twice.
 *
 * Returns whether the list was in order. Where it was not, it was read by tokens, and something may have slipped between its pages.
 * Throws `SOURCE_BAD_ANSWER` for a list without an end.
 */
export async function* walkByKey<Item>(
  list: ListByKey<Item>,
  begin: number | null = null,
): AsyncGenerator<KeyedPage<Item>, { isOrdered: boolean }> {
  const known = new KnownItems(list.idOf);
  let from = begin;
  let token: string | null = null;
  let isOrdered = true;
  for (;;) {
    const { items, next } = await list.page(from, token);
    known.add(items);
    isOrdered &&= isInOrder(list, items, from);
    const goesOn = next !== null && next !== token;
    const lastKey = isOrdered ? keyOfLast(list, items) : null;
    const isFurther = lastKey !== null && lastKey !== from;
    if (isFurther) from = lastKey;
    yield { items, next: goesOn ? from : null };
    if (!goesOn) return { isOrdered };
    token = isFurther ? null : next;
  }
}

function keyOfLast<Item>(list: ListByKey<Item>, items: readonly Item[]): number | null {
  const last = items.at(-1);
  return last === undefined ? null : list.keyOf(last);
}

function isInOrder<Item>(list: ListByKey<Item>, items: readonly Item[], from: number | null): boolean {
  let before = from;
  for (const item of items) {
    const key = list.keyOf(item);
    if (key !== null && before !== null && list.isBefore(key, before)) return false;
    before = key ?? before;
  }
  return true;
}
