import { instantShown } from "../kernel/util/time-zone.ts";

/** Date, and optionally: time, seconds, fraction, zone. ISO 8601 as Memory APIs write it, RFC 3339 included. */
const iso8601 =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * A time of the source as RFC 3339 in UTC with milliseconds, or null when it is not a time. A time without a zone is one of `timeZone`, an
 * IANA name; a date alone is its midnight. Digits beyond the millisecond are cut off.
 */
export function parseTimestamp(text: string, timeZone = "UTC"): string | null {
  const match = iso8601.exec(text.trim());
  if (match === null) return null;
  const [, date = "", time = "00:00", seconds = "00", fraction = "", zone = ""] = match;
  const millis = fraction.slice(0, 3).padEnd(3, "0");
  const offsetMinutes = parseOffset(zone);
  // Date knows no leap second; the second before it is near enough.
  const local = new Date(`${date}T${time}:${seconds === "60" ? "59" : seconds}.${millis}Z`);
  // Date rolls an impossible day, such as 30 February, over into the next month.
  if (Number.isNaN(local.getTime()) || local.toISOString().slice(0, 10) !== date || offsetMinutes === null)
    return null;
  const shown = local.getTime();
  const instant = zone === "" ? instantShown(shown, timeZone) : shown - offsetMinutes * 60_000;
  const utc = new Date(instant).toISOString();
  return utc.length === "2025-12-18T14:30:00.000Z".length ? utc : null;
}

/** Minutes east of UTC, or null when it is not an offset. */
function parseOffset(zone: string): number | null {
  if (zone === "" || zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
