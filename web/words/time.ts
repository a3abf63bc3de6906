/** Moments are shown in the time zone of the browser; the foot of the page names it. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dateOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** `14:05` today, `18 Sept, 14:05` this year, `18 Sept 2024` before: as short as it can be and still be clear. */
export function moment(at: string | number, now: number): string {
  const when = new Date(at);
  const today = new Date(now);
  if (when.toDateString() === today.toDateString()) return clock.format(when);
  if (when.getFullYear() !== today.getFullYear()) return dateOfYear.format(when);
  return `${date.format(when)}, ${clock.format(when)}`;
}

/** `14:05` */
export const timeOfDay = (at: string | number): string => clock.format(new Date(at));

/** `Today, Sunday 21 September 2025` */
export function day(at: string | number, now: number): string {
  const text = longDay.format(new Date(at));
  return new Date(at).toDateString() === new Date(now).toDateString() ? `Today, ${text}` : text;
}

/** With seconds, for a title. */
export const exactly = (at: string | number): string => full.format(new Date(at));

/** `6 s`, `1 min 3 s`, `3 h 42 min`, `2 days`. Never negative. */
export function duration(ms: number): string {
  const [big, small] = partsOf(Math.max(0, ms));
  return small === "" ? big : `${big} ${small}`;
}

/** `about 15 min` */
export function roughly(ms: number): string {
  return `about ${partsOf(Math.max(0, ms))[0]}`;
}

function partsOf(ms: number): [string, string] {
  if (ms < 10 * secondMs) return [`${Math.round(ms / 100) / 10} s`, ""];
  if (ms < minuteMs) return [`${Math.round(ms / secondMs)} s`, ""];
  if (ms < hourMs) return pair(ms, minuteMs, "min", secondMs, "s");
  if (ms < dayMs) return pair(ms, hourMs, "h", minuteMs, "min");
  const days = Math.round(ms / dayMs);
  return [days === 1 ? "1 day" : `${days} days`, ""];
}

function pair(ms: number, unit: number, name: string, part: number, partName: string): [string, string] {
  const whole = Math.floor(ms / unit);
  const rest = Math.floor((ms % unit) / part);
  return [`${whole} ${name}`, rest === 0 ? "" : `${rest} ${partName}`];
}

/** `in 18 min`, `3 min ago`, `now` */
export function fromNow(at: string | number, now: number): string {
  const ms = new Date(at).getTime() - now;
  if (Math.abs(ms) < 5 * secondMs) return "now";
  const [text] = partsOf(Math.abs(ms));
  return ms > 0 ? `in ${text}` : `${text} ago`;
}
