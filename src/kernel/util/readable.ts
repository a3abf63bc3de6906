const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration as people say it: `850 ms`, `12 s`, `3 min 05 s`, `2 h 10 min`, `4 d 3 h`. */
export function readableDuration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${trimZero(ms / second)} s`;
  if (ms < hour) return pair(ms, minute, "min", second, "s");
  if (ms < day) return pair(ms, hour, "h", minute, "min");
  return pair(ms, day, "d", hour, "h");
}

/** An instant for people and programs, in UTC to the second; `-` for none. */
export function readableInstant(epochMs: number | null | undefined): string {
  return epochMs == null ? "-" : `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** The same for people only, with the local time where that differs: `2025-01-31T23:00:00Z (2025-02-01 00:00)`. */
export function readableMoment(epochMs: number | null | undefined): string {
  const utc = readableInstant(epochMs);
  if (epochMs == null) return utc;
  const date = new Date(epochMs);
  const localMs = epochMs - date.getTimezoneOffset() * minute;
  if (localMs === epochMs) return utc;
  const [day, time = ""] = new Date(localMs).toISOString().split("T");
  return `${utc} (${utc.startsWith(String(day)) ? "" : `${day} `}${time.slice(0, 5)} here)`;
}

/** A size as people say it: `850 B`, `12.4 kB`, `3.1 MB`. */
export function readableBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${trimZero(bytes / 1000 ** step)} ${units[step]}`;
}

/** `10,000` */
export function readableCount(count: number): string {
  return count.toLocaleString("en-US");
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${readableCount(count)} ${count === 1 ? one : many}`;
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / big);
  const rest = Math.floor((ms % big) / small);
  return rest === 0
    ? `${whole} ${bigName}`
    : `${whole} ${bigName} ${String(rest).padStart(2, "0")} ${smallName}`;
}

function trimZero(value: number): string {
  return value < 10 ? value.toFixed(1).replace(/\.0$/u, "") : String(Math.round(value));
}
