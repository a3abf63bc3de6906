import type { Segment } from "../../domain/memory.ts";

/** What a file with the text of a recording holds, before it is known which of several is the best. */
export interface RawTranscript {
  segments: readonly Segment[];
  /** The whole text as the file has it; null where only the segments say it. */
  text: string | null;
  /** As the file has it: `en`, `english`. */
  language: string | null;
}

/** A time within a recording, such as `0:03`, `1:02:03`, `00:00:02,400`: a source of expressions without groups. */
export const clockPattern = "(?:\\d{1,3}:)?\\d{1,2}:\\d{2}(?:[.,]\\d{1,3})?";

/** Milliseconds from the beginning, of a text that matches `clockPattern`. */
export function clockMs(clock: string): number {
  const [whole = "", fraction = ""] = clock.split(/[.,]/u);
  const seconds = whole.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds * 1_000 + Number(fraction.padEnd(3, "0"));
}
