/** Upper bound of a wait, however far in the future the server's date is. */
const longestMs = 10 * 60_000;

const seconds = /^\d+(\.\d+)?$/;
const httpDate = /^(mon|tue|wed|thu|fri|sat|sun)/i;
const zone = /(gmt|utc|[+-]\d{4})$/i;

/**
 * Milliseconds to wait according to a `Retry-After` header, or null when it is not usable.
 *
 * A date is compared with the `Date` header of the same response where there is one: both come from the server's clock, so that
 * clock skew does not matter. Never negative and never above ten minutes. Source: RFC 9110 §10.2.3 (the header), §5.6.7 (the three
 * forms of a date).
 */
export function retryAfterMs(
  header: string | undefined,
  date: string | undefined,
  now: number,
): number | null {
  const value = header?.trim() ?? "";
  if (seconds.test(value)) return bounded(Number(value) * 1000);
  const due = parseHttpDate(value);
  if (due === null) return null;
  return bounded(due - (parseHttpDate(date?.trim() ?? "") ?? now));
}

function parseHttpDate(value: string): number | null {
  if (!httpDate.test(value)) return null;
  // The asctime form names no zone and means GMT; Date.parse would take it as local time.
  const time = Date.parse(zone.test(value) ? value : `${value} GMT`);
  return Number.isNaN(time) ? null : time;
}

function bounded(ms: number): number {
  return Math.min(Math.max(0, ms), longestMs);
}
