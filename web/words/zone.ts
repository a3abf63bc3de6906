/** The time zone of the browser. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Making a format costs more than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** A format for times in a time zone, in that of the browser without one; a zone that the browser does not know is told in UTC. */
export function formatIn(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([zone, options]);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = makeFormat(zone, options);
  formats.set(key, made);
  return made;
}

/** A moment in such a format. A year before 1000 has four digits: 50 would be taken for one of this century. */
export function textIn(zone: string | undefined, options: Intl.DateTimeFormatOptions, at: Date): string {
  const format = formatIn(zone, options);
  if (at.getUTCFullYear() > 1000) return format.format(at);
  const parts = format.formatToParts(at);
  return parts.map(({ type, value }) => (type === "year" ? value.padStart(4, "0") : value)).join("");
}

function makeFormat(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-GB", zone === undefined ? options : { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  }
}

const numbers = {
  ...{ era: "short", year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23" },
  ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
} as const satisfies Intl.DateTimeFormatOptions;

/** The clock of a time zone at a moment, as if it were UTC. Milliseconds. */
function clockAt(at: number, zone: string | undefined): number {
  const parts = new Map(
    formatIn(zone, numbers)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get("era") === "BC" ? 1 - part("year") : part("year");
  const clock = new Date(0);
  clock.setUTCFullYear(year, part("month") - 1, part("day"));
  return clock.setUTCHours(part("hour"), part("minute"), part("second"));
}

/** The day of a moment, `2025-09-05`, in a time zone or that of the browser. */
export function dayIn(at: string | number, zone?: string): string {
  return new Date(clockAt(new Date(at).getTime(), zone)).toISOString().split("T")[0] ?? "";
}

/**
 * `2025-09-05` is its first or its last millisecond in the time zone of the browser; any other text is left to the service, which says what is
 * wrong with it.
 */
export function instantOf(text: string, which: "first" | "last"): string {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return text;
  const at = new Date(`${text}T${which === "first" ? "00:00:00.000" : "23:59:59.999"}`);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}
