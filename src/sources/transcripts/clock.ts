/** A time within a recording, such as `0:03`, `1:02:03`, `00:00:02,400`: a source of expressions without groups. */
export const clockPattern = "(?:\\d{1,3}:)?\\d{1,2}:\\d{2}(?:[.,]\\d{1,3})?";

/** Milliseconds from the beginning, of a text that matches `clockPattern`. */
export function clockMs(clock: string): number {
  const [whole = "", fraction = ""] = clock.split(/[.,]/u);
  const seconds = whole.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds * 1_000 + Number(fraction.padEnd(3, "0"));
}
