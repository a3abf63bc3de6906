import { clockParts, readableClock } from "./readable-time.ts";

/** What the clocks of a place showed at a moment. */
export interface LocalTime {
  /** `Sunday, 26 March 2023, 03:30:00` */
  clock: string;
  weekday: string;
  /** `2023-03-26` */
  date: string;
  /** `03:30:00` */
  time: string;
  /** `UTC+02:00`; `UTC` where they are the same. */
  offset: string;
  /** IANA name, or null where a name would say no more than the offset does. */
  zone: string | null;
  partOfDay: string;
}

/**
 * A moment as the clocks of a time zone showed it; null and unknown zones give UTC. Of `Intl` only the offset is used: its
 * texts change between ICU releases, while the offsets of the past hardly ever do.
 */
export function localTime(rfc3339: string, timeZone: string | null): LocalTime {
  const instant = Date.parse(rfc3339);
  const known = timeZone !== null && isTimeZone(timeZone) ? timeZone : null;
  const offsetSeconds = known === null ? 0 : offsetSecondsAt(instant, known);
  const shifted = instant + offsetSeconds * 1000;
  const { weekday, date, time, hour } = clockParts(shifted);
  return {
    clock: readableClock(shifted),
    weekday,
    date,
    time,
    offset: offsetText(offsetSeconds),
    zone: known === null || nameless.test(known) ? null : known,
    partOfDay: partOfDay(hour),
  };
}

/** `Sunday, 26 March 2023, 03:30:00 (Europe/Berlin, UTC+02:00), night` */
export function readableLocal(local: LocalTime): string {
  const zone = local.zone === null ? local.offset : `${local.zone}, ${local.offset}`;
  return `${local.clock} (${zone}), ${local.partOfDay}`;
}

/** Whether this machine's time zone data knows the name. */
export function isTimeZone(name: string): boolean {
  return offsetFormat(name) !== null;
}

/** Names of the sea's zones run against the offset's sign (`Etc/GMT+2` is UTC-02:00) and would only confuse. */
const nameless = /^(Etc\/.*|UTC|GMT)$/u;

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

/** `GMT`, `GMT+05:30` and, for the local mean times of long ago, `GMT-00:44:30`. */
const longOffset = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/u;

/** Of a time zone that `isTimeZone` knows. */
export function offsetSecondsAt(instant: number, timeZone: string): number {
  const parts = offsetFormat(timeZone)?.formatToParts(instant) ?? [];
  const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds] = longOffset.exec(text) ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === "-" ? -size : size;
}

function offsetText(offsetSeconds: number): string {
  if (offsetSeconds === 0) return "UTC";
  const { time } = clockParts(Math.abs(offsetSeconds) * 1000);
  return `UTC${offsetSeconds < 0 ? "-" : "+"}${time.replace(/:00$/u, "")}`;
}

const partsOfDay = [
  { until: 5, name: "night" },
  { until: 8, name: "early morning" },
  { until: 12, name: "morning" },
  { until: 14, name: "midday" },
  { until: 18, name: "afternoon" },
  { until: 22, name: "evening" },
];

function partOfDay(hour: number): string {
  return partsOfDay.find(({ until }) => hour < until)?.name ?? "night";
}
