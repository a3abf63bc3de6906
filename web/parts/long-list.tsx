// biome-ignore-all lint/a11y/useSemanticElements: a table would be laid out by its columns again with each row that comes
// biome-ignore-all lint/a11y/useFocusableInteractive: the one control of a row takes the focus
import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { keepRow, keptRow } from "../shell/kept-scroll.ts";
import { firstSeen, rowAfter, visibleSpan, withHeld } from "./visible-span.ts";

/** How many rows before the end of what is known more is asked for. */
const ahead = 60;

/** Whether the keyboard stops at a control by Tab: it does at one row of a list. */
export type Stop = 0 | -1;

interface LongListProps<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Its height is that of every row, set by the style sheet for `.long > .row`. Its one control has `stop` as its `tabIndex`. */
  children: (item: Item, stop: Stop) => ComponentChildren;
  label: string;
  /** Called when the end of what is known comes near; more than once, until more is known. */
  more?: () => void;
}

/**
 * A list of any length, scrolled with the page; only the rows that are seen are drawn, between spacers. For the keyboard it is one stop, whose
 * rows are gone through with the arrows, Page Up and Down, Home and End (docs/decisions/462).
 */
export function LongList<Item>({ items, keyOf, children, label, more }: LongListProps<Item>) {
  const list = useRef<HTMLDivElement>(null);
  const count = items.length;
  const { from, to, seen, rowHeight } = useSeen(list, count, more);
  const { at, hold, step, isAtEnd } = useHeld({ list, items, keyOf, rowHeight, label });
  const row = (index: number) => {
    const item = items[index] as Item;
    return (
      <div key={keyOf(item)} class="row" role="row" aria-rowindex={index + 1}>
        <div role="gridcell">{children(item, index === (at ?? seen) ? 0 : -1)}</div>
      </div>
    );
  };
  let end = 0;
  const rows = withHeld({ from, to }, at).flatMap((span, part) => {
    const gap = (span.from - end) * rowHeight;
    end = span.to;
    const drawn = Array.from({ length: span.to - span.from }, (_, each) => row(span.from + each));
    return [<Spacer key={`gap ${part}`} height={gap} />, ...drawn];
  });
  return (
    <>
      <div
        class="long"
        role="grid"
        ref={list}
        aria-label={label}
        aria-rowcount={more ? -1 : count}
        onKeyDown={step}
        onClickCapture={({ target }) => {
          const item = items[indexOfRow(target) ?? -1];
          if (item !== undefined) keepRow(label, keyOf(item));
        }}
        onFocusIn={({ target }) => {
          const index = indexOfRow(target);
          if (index === null) return;
          hold(index);
          if (index + ahead >= count) more?.();
        }}
      >
        {rows}
        <Spacer key="end" height={(count - end) * rowHeight} />
      </div>
      <p class="small soft" role="status">
        {isAtEnd && more !== undefined && "This was the last row so far; more follow."}
      </p>
    </>
  );
}

/** Which rows are drawn and which is the first that is seen, by how far the page is scrolled; asks for more near the end. */
function useSeen(list: RefObject<HTMLElement | null>, count: number, more: (() => void) | undefined) {
  const drawn = useSignal({ from: 0, to: 40, seen: 0, rowHeight: 0 });
  useEffect(() => {
    const look = () => {
      const rowHeight = list.current?.querySelector(".row")?.getBoundingClientRect().height ?? 0;
      if (list.current === null || rowHeight === 0) return;
      const { top } = list.current.getBoundingClientRect();
      const where = { top, rowHeight, count, height: innerHeight };
      const now = { ...visibleSpan(where), seen: firstSeen(where), rowHeight };
      if (JSON.stringify(now) !== JSON.stringify(drawn.peek())) drawn.value = now;
      if (now.to + ahead >= count && !isKeyboardBelow(list.current)) more?.();
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [count, more]);
  const { from, to, seen, rowHeight } = drawn.value;
  // Where fewer are known than before, the first ones are drawn, so that the height of a row is known again.
  const start = from >= count ? 0 : from;
  return {
    from: start,
    to: Math.min(count, Math.max(to, start + 1)),
    seen: Math.min(seen, count - 1),
    rowHeight,
  };
}

/** The row that the keyboard was at last. */
interface Held {
  key: string;
  index: number;
}

interface HeldIn<Item> extends Pick<LongListProps<Item>, "items" | "keyOf" | "label"> {
  list: RefObject<HTMLElement | null>;
  rowHeight: number;
}

/**
 * Keeps the row that the keyboard is at, in whatever place, and leads from it to another. Whoever comes back to the list by the history is at
 * the row that they left it by.
 */
function useHeld<Item>({ list, items, keyOf, rowHeight, label }: HeldIn<Item>) {
  const left = useMemo(() => keptRow(label), []);
  const held = useSignal<Held | null>(left === null ? null : { key: left, index: 0 });
  const isAtEnd = useSignal(false);
  /** Where a key has led to, until that is drawn. */
  const next = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (next.current === null) return;
    focusRow(list.current, next.current);
    next.current = null;
  });
  const at = useMemo(() => held.value && placeOf(held.value, items, keyOf), [items, held.value]);
  useEffect(() => {
    if (left !== null && at !== null) focusRow(list.current, at);
  }, []);
  const hold = (index: number) => {
    const item = items[index];
    // A fresh object each time: it is drawn, and so gets the focus, also where the row is the same.
    if (item !== undefined) held.value = { key: keyOf(item), index };
  };
  const step = (event: KeyboardEvent) => {
    const row = indexOfRow(event.target);
    if (row === null || event.altKey || event.metaKey || event.shiftKey) return;
    const perPage = Math.max(1, Math.floor(innerHeight / rowHeight) - 1);
    const target = rowAfter(event.key, { at: row, count: items.length, perPage });
    if (target === null) return;
    event.preventDefault();
    next.current = target;
    isAtEnd.value = event.key === "End";
    hold(target);
  };
  return { at, hold, step, isAtEnd: isAtEnd.value };
}

/** Rows come and go above it: where it is now, null when it is gone. */
function placeOf<Item>({ key, index }: Held, items: readonly Item[], keyOf: (item: Item) => string) {
  const item = items[index];
  if (item !== undefined && keyOf(item) === key) return index;
  const found = items.findIndex((each) => keyOf(each) === key);
  return found === -1 ? null : found;
}

function indexOfRow(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest("[aria-rowindex]") : null;
  return row === null ? null : Number(row.getAttribute("aria-rowindex")) - 1;
}

function focusRow(list: HTMLElement | null, index: number): void {
  const row = list?.querySelector<HTMLElement>(`[aria-rowindex="${index + 1}"]`);
  row?.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** Whoever has gone on with Tab to what stands below the list is there: more rows would push it out of sight, again and again. */
function isKeyboardBelow(list: HTMLElement): boolean {
  const at = document.querySelector(":focus-visible");
  if (at === null || list.contains(at)) return false;
  return (list.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** Geometry, as a strict policy allows no inline style. */
function Spacer({ height }: { height: number }) {
  return (
    <div class="spacer" role="presentation" aria-hidden="true">
      {height > 0 && <svg width="1" height={height} aria-hidden="true" />}
    </div>
  );
}
