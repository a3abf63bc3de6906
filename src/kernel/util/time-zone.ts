/** Whether this machine's time zone data knows the name. */
export function isTimeZone(name: string): boolean {
  return offsetFormat(name) !== null;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function offsetFormat(timeZone: string): Intl.DateTimeFormat | null {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = makeOffsetFormat(timeZone);
    formats.set(timeZone, format);
  }
  return format;
}

function makeOffsetFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `GMT`, `GMT+05:30` and, for historical local mean times, `GMT-00:44:30`. */
const longOffset = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/u;

/** The UTC offset of a time zone that `isTimeZone` knows. Seconds. */
export function offsetSecondsAt(instant: number, timeZone: string): number {
  const parts = offsetFormat(timeZone)?.formatToParts(instant) ?? [];
  const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds] = longOffset.exec(text) ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === "-" ? -size : size;
}

/**
 * The instant at which the clocks of a known time zone show a time; `shown` is that time read as if it were UTC. What they show twice is taken
 * as the first, what they leave out as if they had not been changed yet. Milliseconds since the epoch.
 */
export function instantShown(shown: number, timeZone: string): number {
  if (timeZone === "UTC") return shown;
  const dayMs = 86_400_000;
  const before = shown - offsetSecondsAt(shown - dayMs, timeZone) * 1000;
  const after = shown - offsetSecondsAt(shown + dayMs, timeZone) * 1000;
  const fits = (instant: number) => instant + offsetSecondsAt(instant, timeZone) * 1000 === shown;
  return [before, after].find(fits) ?? before;
}

/** The local date of an instant, in milliseconds since the epoch, by the clocks of a known time zone: `2026-03-01`. */
export function dayShown(instant: number, timeZone: string): string {
  const shown = new Date(instant + offsetSecondsAt(instant, timeZone) * 1000);
  return shown.toISOString().slice(0, 10);
}
