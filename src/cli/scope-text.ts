import { plural } from "../kernel/util/readable.ts";

const spans: ReadonlyMap<string, string> = new Map([
  ["day", "the last day"],
  ["week", "the last week"],
  ["month", "the last month"],
  ["all", "everything"],
  ["auto", "everything"],
]);

/** `the last week; 333 older memories are outside: …`, so that nobody takes a part for the whole. */
export function scopeText(queryRange: string, outside: number | null): string {
  const span = spans.get(queryRange) ?? queryRange;
  if (outside === null || outside === 0) return span;
  const are = outside === 1 ? "is" : "are";
  return `${span}; ${plural(outside, "older memory", "older memories")} ${are} outside: set query_range to auto or all to bring ${outside === 1 ? "it" : "them"}`;
}
