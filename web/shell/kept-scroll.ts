import { useEffect, useMemo } from "preact/hooks";

/** How far the page of a step in the browser's history was scrolled. */
interface Kept {
  scroll?: number;
  /** By the name of a list, the row of it that was left. */
  rows?: Readonly<Record<string, string>>;
}

const kept = (): Kept => (history.state as Kept | null) ?? {};

/** Whether the browser came here by Back, Forward or a reload: a new step in its history has nothing kept. */
export const isReturn = (): boolean => kept().scroll !== undefined;

/** The row of a list that the keyboard was at when this step of the history was left; null for a new step. */
export const keptRow = (list: string): string | null => kept().rows?.[list] ?? null;

/** Keeps it for whoever comes back to this step. */
export function keepRow(list: string, row: string): void {
  history.replaceState({ ...kept(), rows: { ...kept().rows, [list]: row } }, "");
}

/** A browser slows a page down that writes its history more often. Milliseconds. */
const pauseMs = 200;
/** As long as a list may take to be drawn in its full height. Frames. */
const mostFrames = 60;

/** Keeps how far the page is scrolled, and scrolls there on return, once there `isSomething` to scroll. */
export function useKeptScroll(isSomething: boolean): void {
  const wanted = useMemo(() => kept().scroll ?? 0, []);
  useEffect(() => (isSomething && wanted > 0 ? scrollSoon(wanted) : undefined), [isSomething]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      clearTimeout(timer);
      timer = undefined;
      history.replaceState({ ...kept(), scroll: scrollY }, "");
    };
    const keepSoon = () => {
      timer ??= setTimeout(keep, pauseMs);
    };
    addEventListener("scroll", keepSoon, { passive: true });
    // Before a link is followed.
    addEventListener("click", keep, { capture: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", keepSoon);
      removeEventListener("click", keep, { capture: true });
    };
  }, []);
}

/** A list is as high as it will be only some frames after it is there. */
function scrollSoon(to: number): () => void {
  let frame = 0;
  let frames = 0;
  const go = () => {
    scrollTo(0, to);
    frames += 1;
    if (Math.abs(scrollY - to) > 1 && frames < mostFrames) frame = requestAnimationFrame(go);
  };
  go();
  return () => cancelAnimationFrame(frame);
}
