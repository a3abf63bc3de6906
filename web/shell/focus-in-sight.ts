import { useEffect } from "preact/hooks";

/**
 * What the keyboard is at stays in sight when what stands above it grows: a page is there before all that it asks for has come. Whoever has
 * scrolled away from it is left where they are.
 */
export function useFocusInSight(): void {
  useEffect(() => {
    let wasInSight = false;
    const note = () => {
      wasInSight = isInSight(focused());
    };
    const keep = () => {
      const at = focused();
      if (wasInSight && at !== null && !isInSight(at)) at.scrollIntoView({ block: "nearest" });
    };
    const sizes = new ResizeObserver(keep);
    sizes.observe(document.body);
    addEventListener("focusin", note);
    addEventListener("scroll", note, { passive: true });
    return () => {
      sizes.disconnect();
      removeEventListener("focusin", note);
      removeEventListener("scroll", note);
    };
  }, []);
}

const focused = (): Element | null => document.querySelector(":focus-visible");

/** Whole, and not behind what is fixed to the bottom of the window. */
function isInSight(element: Element | null): boolean {
  if (element === null) return false;
  const { top, bottom } = element.getBoundingClientRect();
  const covered = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom) || 0;
  return top >= 0 && bottom <= innerHeight - covered;
}
