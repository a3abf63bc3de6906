import { KnownItems } from "./known-items.ts";

/** A list that is read by places: by page numbers, or by an offset. */
export interface ListByPlace<Item> {
  /** Items that are asked for at once. */
  size: number;
  /** The items from this place on, a multiple of `size` unless a page came shorter. An empty page ends the list, whatever it says. */
  from(place: number): Promise<{ items: readonly Item[]; isLast: boolean }>;
  /** The item at a place of the list as it is now; undefined behind its end. */
  at(place: number): Promise<Item | undefined>;
  keyOf(item: Item): string;
}

/**
 * Walks through a list by places. When something that was shown is deleted in the middle of a walk, the rest moves up, and as many
 * items would never be shown. So the border to the page before is looked at again behind every page: if an unknown item lies there,
 * the walk goes back to the last border that is a known one, and on from there. Items that move down, or are read again, are shown twice.
 *
 * Returns whether the list moved, which it may have done once more unnoticed. Throws `SOURCE_BAD_ANSWER` for a list without an end.
 */
export async function* walkPlaces<Item>(
  list: ListByPlace<Item>,
  begin = 0,
): AsyncGenerator<readonly Item[], { hasMoved: boolean }> {
  const known = new KnownItems(list.keyOf);
  let hasMoved = false;
  let knownWhenBack = -1;
  for (let place = begin; ; ) {
    const { items, isLast } = await list.from(place);
    known.add(items);
    yield items;
    const border = await lastKnownBorder(list, known, { begin, place });
    // A list that counts otherwise than it shows would lead back for ever.
    const goesBack = border < place && known.size > knownWhenBack;
    if (goesBack) {
      hasMoved = true;
      knownWhenBack = known.size;
      place = border;
    } else if (isLast || items.length === 0) return { hasMoved };
    else place += items.length;
  }
}

/** The last border of pages before which there is a known item; a list that ends before it has become shorter. */
async function lastKnownBorder<Item>(
  { at, size }: ListByPlace<Item>,
  known: KnownItems<Item>,
  { begin, place }: { begin: number; place: number },
): Promise<number> {
  let border = place;
  while (border > begin) {
    const item = await at(border - 1);
    if (item !== undefined && known.has(item)) break;
    border = Math.max(begin, border - size);
  }
  return border;
}
