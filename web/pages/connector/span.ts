/** Whole days of the browser's time zone, as instants; without a last day, up to now. */
export function spanOf(first: string, last: string): { since: string; until?: string } {
  const since = new Date(`${first}T00:00:00`).toISOString();
  return last === "" ? { since } : { since, until: new Date(`${last}T23:59:59.999`).toISOString() };
}
