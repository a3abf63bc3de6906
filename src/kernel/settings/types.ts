import * as z from "zod";
import { isAddressRange } from "../util/address-ranges.ts";
import { cronProblem, isTimezone } from "../util/cron.ts";

const second = 1000;
const unitMs: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", second],
  ["m", 60 * second],
  ["h", 3600 * second],
  ["d", 86_400 * second],
]);

/** Node's timers fire at once when asked to wait longer than 2^31 - 1 ms, so no wait may be longer. */
const longestTimerMs = 24 * 86_400 * second;

/**
 * A length of time: a number of seconds, or a text such as `90s`. Resolves to milliseconds. As with every type here, `title` is
 * its name in the reference.
 */
export function duration(limits: { minMs?: number; maxMs?: number } = {}) {
  const { minMs = 1, maxMs = longestTimerMs } = limits;
  const wanted = "must be a number of seconds or a text such as 500ms, 90s, 15m, 6h or 1d";
  return z
    .union([z.number(), z.string().regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, { error: wanted })], { error: wanted })
    .transform(toMilliseconds)
    .refine((ms) => ms >= minMs, { error: `must be at least ${durationText(minMs)}` })
    .refine((ms) => ms <= maxMs, { error: `must be at most ${durationText(maxMs)}` })
    .meta({ title: "duration" });
}

function toMilliseconds(value: number | string): number {
  if (typeof value === "number") return Math.round(value * second);
  const unit = value.replace(/^[\d.]+/, "");
  return Math.round(Number.parseFloat(value) * (unitMs.get(unit) ?? second));
}

/** The shortest exact spelling, for example `15m`. */
export function durationText(ms: number): string {
  const fitting = [...unitMs].findLast(([, size]) => ms >= size && ms % size === 0);
  return fitting === undefined ? `${ms}ms` : `${ms / fitting[1]}${fitting[0]}`;
}

export const text = () => z.string().min(1).meta({ title: "text" });

/**
 * A secret sent in an HTTP header. White space around it comes from its file or variable and is trimmed: a header cannot carry it.
 */
export const headerSecret = () =>
  z
    .string()
    .trim()
    .min(1)
    .superRefine((value, context) => {
      const obstacle = headerObstacle(value);
      if (obstacle !== null) {
        const message = `has ${obstacle}, which no header of HTTP can carry; look at where the key comes from`;
        context.addIssue({ code: "custom", message });
      }
    })
    .meta({ title: "text" });

function headerObstacle(value: string): string | null {
  if (/[\r\n]/u.test(value)) return "a line end";
  if (/\p{Cc}/u.test(value)) return "a control character";
  const foreign = /[^\u0020-\u00ff]/u.exec(value);
  const unit = foreign?.[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return unit === undefined ? null : `the character U+${unit}`;
}

export const httpUrl = () =>
  z
    .url({ protocol: /^https?$/, error: "must be a URL that begins with http:// or https://" })
    .meta({ title: "URL" });

/** One address or a range, as `net.BlockList` takes them. */
export const addressRange = () =>
  text()
    .refine((range) => isAddressRange(range), {
      error: "must be an IP address or a range such as 10.1.0.0/16",
    })
    .meta({ title: "address or range" });

export const port = () => z.int().min(1).max(65_535).meta({ title: "port" });

export const count = (limits: { min?: number; max?: number } = {}) =>
  z
    .int()
    .min(limits.min ?? 1)
    .max(limits.max ?? 1_000_000_000)
    .meta({ title: "whole number" });

export const path = () =>
  text()
    .refine((value) => !value.includes("\0"), { error: "must not contain a NUL character" })
    .meta({ title: "path" });

/** UTC, the default, is not looked up: reading the zone data would add 20 ms to every start. */
export const timeZone = () =>
  text()
    .refine((name) => name === "UTC" || isTimezone(name), {
      error: "must be an IANA time zone such as UTC or Europe/Zurich",
    })
    .meta({ title: "time zone" });

/** Cron expressions do not depend on the year, so any instant serves to check whether one ever matches. */
const someMoment = 0;

/** Five or six fields, or a nickname such as `@daily`. */
export const cron = () =>
  text()
    .superRefine((expression, context) => {
      const problem = cronProblem(expression, "UTC", someMoment);
      if (problem !== null) context.addIssue({ code: "custom", message: problem.replace(/^"[^"]*" /, "") });
    })
    .meta({ title: "cron" });

const levels = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warn",
  WARN: "warn",
  ERROR: "error",
  CRITICAL: "fatal",
  FATAL: "fatal",
} as const;

/** The names of Python's levels and of pino's, in any case. Resolves to pino's. */
export const logLevel = () =>
  z
    .string()
    .toUpperCase()
    .pipe(z.enum(Object.keys(levels) as (keyof typeof levels)[]))
    .transform((name) => levels[name])
    .meta({ title: "level" });
