import { monthNamed } from "../../kernel/util/calendar.ts";
import { parseTimestamp } from "../timestamp.ts";

const units = new Map([
  ["epoch_s", 1000],
  ["epoch_ms", 1],
  ["epoch_us", 1e-3],
  ["epoch_ns", 1e-6],
]);

/** The days between the beginning of spreadsheets' time, 30 December 1899, and that of computers'. */
const excelEpochDays = 25_569;
const dayMs = 86_400_000;

/** How a text or a number says a time: RFC 3339 in UTC, or null when it does not. Local times are those of the zone. */
export type TimeReader = (value: unknown, timeZone: string) => string | null;

/** Names of formats, beside patterns. */
export const timeFormats = ["auto", "iso", ...units.keys(), "excel"] as const;

/**
 * A reader for a format: `iso`, `epoch_s` and its kind, `excel` (days since the end of 1899), or a pattern such as `dd.MM.yyyy HH:mm`. `auto` reads
 * ISO 8601, days with dots (`1.3.2026 08:15`) and seconds to nanoseconds since 1970, but nothing that may be read in two ways. Null for no format.
 */
export function timeReader(format: string): TimeReader | null {
  if (format === "auto") return autoTime;
  if (format === "iso") return isoTime;
  if (format === "excel") return excelTime;
  const unit = units.get(format);
  return unit === undefined ? patternReader(format) : (value) => epochTime(value, unit);
}

const isoTime: TimeReader = (value, timeZone) =>
  typeof value === "string" ? parseTimestamp(value, timeZone) : null;

function numberIn(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*-?\d+(?:[.,]\d+)?\s*$/u.test(value)
    ? Number(value.replace(",", "."))
    : Number.NaN;
}

function epochTime(value: unknown, unitMs: number): string | null {
  return instantText(Math.floor(numberIn(value) * unitMs));
}

function instantText(ms: number): string | null {
  const date = new Date(ms);
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  return text.length === "2026-03-01T08:15:00.000Z".length ? text : null;
}

const excelTime: TimeReader = (value, timeZone) => {
  const shown = instantText(Math.round((numberIn(value) - excelEpochDays) * dayMs));
  return shown === null ? null : parseTimestamp(shown.replace("Z", ""), timeZone);
};

const dotted = ["d.M.yyyy", "d.M.yyyy H:mm", "d.M.yyyy H:mm:ss", "d.M.yyyy, H:mm", "d.M.yyyy, H:mm:ss"];
let dottedReaders: TimeReader[] | undefined;

const autoTime: TimeReader = (value, timeZone) => {
  const digits = /^\s*(\d{9,19})(?:[.,]\d*)?\s*$/u.exec(String(value))?.[1]?.length;
  if (digits !== undefined)
    return epochTime(value, digits < 12 ? 1000 : digits < 15 ? 1 : digits < 18 ? 1e-3 : 1e-6);
  dottedReaders ??= dotted.flatMap((pattern) => patternReader(pattern) ?? []);
  return (
    isoTime(value, timeZone) ??
    dottedReaders.reduce<string | null>((found, read) => found ?? read(value, timeZone), null)
  );
};

/** What the parts of a pattern stand for, longest first. */
const tokens: readonly [token: string, part: string, expression: string][] = [
  ["yyyy", "year", String.raw`\d{4}`],
  ["MMMM", "name", String.raw`\p{L}+`],
  ["SSS", "milli", String.raw`\d{1,9}`],
  ["MMM", "name", String.raw`\p{L}+\.?`],
  ["XXX", "zone", String.raw`Z|[+-]\d{2}:?\d{2}`],
  ["yy", "short", String.raw`\d{2}`],
  ["MM", "month", String.raw`\d{2}`],
  ["dd", "day", String.raw`\d{2}`],
  ["HH", "hour", String.raw`\d{2}`],
  ["hh", "twelve", String.raw`\d{2}`],
  ["mm", "minute", String.raw`\d{2}`],
  ["ss", "second", String.raw`\d{2}`],
  ["M", "month", String.raw`\d{1,2}`],
  ["d", "day", String.raw`\d{1,2}`],
  ["H", "hour", String.raw`\d{1,2}`],
  ["h", "twelve", String.raw`\d{1,2}`],
  ["a", "half", String.raw`[ap]\.?\s?m\.?`],
];

/** A reader for a pattern with at least a year, a month and a day; null for any other text. Text in single quotes stands for itself. */
function patternReader(pattern: string): TimeReader | null {
  const pieces = piecesOf(pattern);
  const parts = pieces.flatMap(({ part }) => part ?? []);
  const has = (...names: readonly string[]) => names.some((name) => parts.includes(name));
  const isDay = has("day") && has("month", "name") && has("year", "short");
  if (!isDay || has("twelve") !== has("half") || new Set(parts).size < parts.length) return null;
  const expression = new RegExp(`^\\s*${pieces.map(({ source }) => source).join("")}\\s*$`, "iu");
  return (value, timeZone) => {
    const groups = expression.exec(String(value))?.groups;
    return groups === undefined ? null : timeOfParts(groups, timeZone);
  };
}

/** What a pattern says, piece by piece, as sources of an expression. */
function piecesOf(pattern: string): { part: string | null; source: string }[] {
  const pieces: { part: string | null; source: string }[] = [];
  for (let at = 0; at < pattern.length; ) {
    const quoted = /^'([^']*)'/u.exec(pattern.slice(at));
    const [token, part, expression] = tokens.find(([name]) => pattern.startsWith(name, at)) ?? [];
    if (quoted !== null) pieces.push({ part: null, source: escaped(quoted[1] ?? "") });
    else if (part === undefined) pieces.push({ part: null, source: literal(pattern[at] ?? "") });
    else pieces.push({ part, source: `(?<${part}>${expression})` });
    at += (quoted?.[0] ?? token ?? " ").length;
  }
  return pieces;
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
/** Exports write narrow blanks where people see a blank. */
const literal = (character: string) => (/\s/u.test(character) ? String.raw`\s+` : escaped(character));

function timeOfParts(parts: Readonly<Record<string, string | undefined>>, timeZone: string): string | null {
  const { second = "00", milli = "0", zone = "" } = parts;
  const year = parts.year ?? fullYear(Number(parts.short));
  const month = parts.month ?? String(monthNamed(parts.name ?? "") ?? 0);
  const hour = hourOf(parts);
  const two = (text: string | undefined) => (text ?? "0").padStart(2, "0");
  const date = `${year}-${two(month)}-${two(parts.day)}`;
  return hour === null
    ? null
    : parseTimestamp(`${date}T${two(hour)}:${two(parts.minute)}:${two(second)}.${milli}${zone}`, timeZone);
}

/** Two digits are of the hundred years that end in 2069. */
const fullYear = (short: number) => String(short < 70 ? 2000 + short : 1900 + short);

function hourOf({ hour, twelve, half }: Readonly<Record<string, string | undefined>>): string | null {
  if (twelve === undefined) return hour ?? "0";
  const shown = Number(twelve);
  if (shown < 1 || shown > 12) return null;
  return String((shown % 12) + (/^p/iu.test(half ?? "") ? 12 : 0));
}
