/** Which rows of a list are drawn: from one index up to, not including, another. */
export interface Span {
  from: number;
  to: number;
}

interface Seen {
  /** Pixels below the window's top; negative once the list was scrolled away. */
  top: number;
  rowHeight: number;
  count: number;
  /** Of the window, pixels. */
  height: number;
}

/** Rows above and below those that are seen, so that scrolling finds them drawn. */
const spare = 12;

/** The rows to draw. */
export function visibleSpan({ top, rowHeight, count, height }: Seen): Span {
  const first = Math.floor(-top / rowHeight) - spare;
  const last = Math.ceil((height - top) / rowHeight) + spare;
  const from = Math.min(Math.max(0, first), count);
  return { from, to: Math.max(from, Math.min(count, last)) };
}

/** The first row that is seen whole, or the one nearest to the window. */
export const firstSeen = ({ top, rowHeight, count }: Omit<Seen, "height">): number =>
  Math.max(0, Math.min(count - 1, Math.ceil(-top / rowHeight)));

/** The same rows with one more, in order: the one that is held stays drawn wherever the list is scrolled to. */
export function withHeld(span: Span, held: number | null): Span[] {
  if (held === null || (held >= span.from && held < span.to)) return [span];
  const alone = { from: held, to: held + 1 };
  return held < span.from ? [alone, span] : [span, alone];
}

/** The row that a key leads to from another, in a list of `count` of which a window has `perPage`; null for a key that leads nowhere. */
export function rowAfter(
  key: string,
  { at, count, perPage }: { at: number; count: number; perPage: number },
): number | null {
  const ways = new Map([
    ["ArrowDown", at + 1],
    ["ArrowUp", at - 1],
    ["PageDown", at + perPage],
    ["PageUp", at - perPage],
    ["Home", 0],
    ["End", count - 1],
  ]);
  const to = ways.get(key);
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}
