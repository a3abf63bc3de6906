import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { cutInMiddle } from "../words/text.ts";

/** A tab of the browser shows less, its list of tabs and its bookmarks not much more. Characters. */
const longestShort = 60;

/** The first page of a visit keeps the focus where the browser put it; later ones take it, so that a screen reader reads on there. */
let isFirst = true;

/** Whether something of the new page has the focus: the row of a list that somebody has come back to. */
const isTaken = (): boolean => document.activeElement?.closest("main .long") != null;

/** A page: its title is a sentence about now. */
export function Page({
  title,
  short = title,
  above,
  lede,
  actions,
  children,
}: {
  title: string;
  /** In the tab of the browser. */
  short?: string;
  above?: ComponentChildren;
  lede?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst && !isTaken()) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${cutInMiddle(short, longestShort)} · memory-connector`;
  }, [short]);
  return (
    <>
      {above}
      <div class="head">
        <div class="stack">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lede && <p class="lede">{lede}</p>}
        </div>
        {actions && <div class="acts fill">{actions}</div>}
      </div>
      {children}
    </>
  );
}
