import { parseTimestamp } from "./timestamp.ts";

/**
 * A date, and a time behind it: `2026-03-01`, `2026_03_01`, `20260301_081500`, `2026-03-01 08-15`, `2026-03-01T08.15.00`. Seconds are written as the
 * minutes are: what follows in another way, as in `2026-03-01_0815_16`, counts something.
 */
const dated =
  /(?<!\d)(?<year>(?:19|20)\d{2})(?<between>[-_.]?)(?<month>0[1-9]|1[0-2])\k<between>(?<day>0[1-9]|[12]\d|3[01])(?:[ T_-]+(?<hour>[01]\d|2[0-3])(?:(?<sign>[-.:_]?)(?<minute>[0-5]\d)(?:\k<sign>(?<second>[0-5]\d))?|h(?<minute>[0-5]\d)(?:m(?<second>[0-5]\d))?))?(?!\d)/gu;

/** A time that a file's name says, as RFC 3339 in UTC. */
export interface NamedMoment {
  time: string;
  /** False where the name says the day alone; then the time is its midnight. */
  hasClock: boolean;
}

/** The first time in a file's name, by the clocks of a zone; null when it has none. */
export function momentInName(name: string, timeZone: string): NamedMoment | null {
  for (const { groups = {} } of name.matchAll(dated)) {
    const { year, month, day, hour, minute, second = "00" } = groups;
    const date = `${year}-${month}-${day}`;
    const whole = hour === undefined ? null : parseTimestamp(`${date}T${hour}:${minute}:${second}`, timeZone);
    const time = whole ?? parseTimestamp(date, timeZone);
    if (time !== null) return { time, hasClock: whole !== null };
  }
  return null;
}
