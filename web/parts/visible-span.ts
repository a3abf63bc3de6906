/** Which rows of a list are drawn: from one index up to, not including, another. */
export interface Span {
  from: number;
  to: number;
}

/** Rows above and below those that are seen, so that scrolling finds them drawn. */
const spare = 12;

/** The rows to draw of a list whose top is `top` pixels below the window's (negative once it was scrolled away). */
export function visibleSpan(list: { top: number; rowHeight: number; count: number; height: number }): Span {
  const { top, rowHeight, count, height } = list;
  const first = Math.floor(-top / rowHeight) - spare;
  const last = Math.ceil((height - top) / rowHeight) + spare;
  const from = Math.min(Math.max(0, first), count);
  return { from, to: Math.max(from, Math.min(count, last)) };
}
