import { instantOf } from "../../memories/memory-filter.ts";

/** Whole days of a time zone, as instants; without a last day, up to now. */
export function spanOf(first: string, last: string, zone: string): { since: string; until?: string } {
  const since = instantOf(first, "first", zone);
  return last === "" ? { since } : { since, until: instantOf(last, "last", zone) };
}
