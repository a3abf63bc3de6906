import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Span, visibleSpan } from "./visible-span.ts";

/** How many rows before the end of what is known more is asked for. */
const ahead = 60;

interface LongListProps<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Its height is that of every row, set by the style sheet for `.long > li`. */
  children: (item: Item) => ComponentChildren;
  label: string;
  /** Called when the end of what is known comes near; more than once, until more is known. */
  more?: () => void;
}

/** A list of any length, scrolled with the page; only the rows that are seen are drawn, between two spacers. */
export function LongList<Item>({ items, keyOf, children, label, more }: LongListProps<Item>) {
  const list = useRef<HTMLUListElement>(null);
  const drawn = useSignal<Span & { rowHeight: number }>({ from: 0, to: 40, rowHeight: 0 });
  const count = items.length;
  useEffect(() => {
    const look = () => {
      const rowHeight = list.current?.querySelector("li.row")?.getBoundingClientRect().height ?? 0;
      if (list.current === null || rowHeight === 0) return;
      const { top } = list.current.getBoundingClientRect();
      const span = visibleSpan({ top, rowHeight, count, height: innerHeight });
      const { from, to, rowHeight: known } = drawn.peek();
      if (span.from !== from || span.to !== to || rowHeight !== known) drawn.value = { ...span, rowHeight };
      if (span.to + ahead >= count) more?.();
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [count, more]);
  const { from, to, rowHeight } = drawn.value;
  // Where fewer are known than before, the first ones are drawn, so that the height of a row is known again.
  const start = from >= count ? 0 : from;
  return (
    <ul class="long" ref={list} aria-label={label}>
      <Spacer height={start * rowHeight} />
      {items.slice(start, Math.max(to, start + 1)).map((item, index) => (
        <li key={keyOf(item)} class="row" aria-setsize={more ? -1 : count} aria-posinset={start + index + 1}>
          {children(item)}
        </li>
      ))}
      <Spacer height={Math.max(0, count - Math.max(to, start + 1)) * rowHeight} />
    </ul>
  );
}

/** Geometry, as a strict policy allows no inline style. */
function Spacer({ height }: { height: number }) {
  return (
    <li class="spacer" role="presentation" aria-hidden="true">
      {height > 0 && <svg width="1" height={height} aria-hidden="true" />}
    </li>
  );
}
