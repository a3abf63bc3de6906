import { useEffect } from "preact/hooks";

/**
 * What the keyboard is at stays in sight when what stands above it grows: a page is there before all that it asks for has come. Whoever has
 * scrolled away from it is left where they are.
 */
export function useFocusInSight(): void {
  useEffect(() => {
    let wasInSight = false;
    let isTab = false;
    let height = 0;
    const look = () => {
      const at = focused();
      // A page that has grown has moved it, and nobody else has.
      const isMoved = document.body.scrollHeight !== height && wasInSight && !isInSight(at);
      height = document.body.scrollHeight;
      if (isMoved) at?.scrollIntoView({ block: "nearest" });
      else wasInSight = isInSight(at);
    };
    /** The browser brings into sight where Tab leads to, after it has told of it. */
    const arrive = () => {
      height = document.body.scrollHeight;
      wasInSight = isTab || isInSight(focused());
    };
    const press = ({ key, type }: KeyboardEvent) => {
      isTab = key === "Tab" && type === "keydown";
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(document.body);
    addEventListener("keydown", press);
    addEventListener("keyup", press);
    addEventListener("focusin", arrive);
    addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      removeEventListener("keydown", press);
      removeEventListener("keyup", press);
      removeEventListener("focusin", arrive);
      removeEventListener("scroll", look);
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
