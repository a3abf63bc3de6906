import { monthNames, weekdayNames } from "../kernel/util/calendar.ts";
import { isTimeZone, offsetSecondsAt } from "../kernel/util/time-zone.ts";

/** Formats an RFC 3339 time for people, in UTC: `Thursday, 18 May 2023, 13:47:05 UTC`. */
export function readableUtc(rfc3339: string): string {
  return `${readableClock(Date.parse(rfc3339))} UTC`;
}

/**
 * `Thursday, 18 May 2023, 13:47:05`: date and time in UTC. Not formatted by `Intl`, because its output changes between ICU
 * releases, and the same memory must give the same bytes.
 */
function readableClock(epochMs: number): string {
  const { weekday, day, month, year, time } = clockParts(epochMs);
  return `${weekday}, ${day} ${month} ${year}, ${time}`;
}

/** The parts of `readableClock`, for other formats. */
function clockParts(epochMs: number) {
  const date = new Date(epochMs);
  return {
    weekday: weekdayNames[date.getUTCDay()] ?? "",
    day: date.getUTCDate(),
    month: monthNames[date.getUTCMonth()] ?? "",
    year: date.getUTCFullYear(),
    hour: date.getUTCHours(),
    time: date.toISOString().slice(-13, -5),
    date: date.toISOString().slice(0, -14),
  };
}

/** The local time of a place at one instant. */
export interface LocalTime {
  /** `Sunday, 26 March 2023, 03:30:00` */
  clock: string;
  weekday: string;
  /** `2023-03-26` */
  date: string;
  /** `03:30:00` */
  time: string;
  /** `UTC+02:00`; `UTC` when the offset is zero. */
  offset: string;
  /** IANA name, or null when the name would add nothing to the offset. */
  zone: string | null;
  partOfDay: string;
}

/**
 * The local time in a time zone; null and unknown zones give UTC. Only the offset is taken from `Intl`: its texts change between
 * ICU releases, while offsets of the past hardly ever do.
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

/** The names of nautical zones have the opposite sign of their offset (`Etc/GMT+2` is UTC-02:00) and would only confuse. */
const nameless = /^(Etc\/.*|UTC|GMT)$/u;

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
