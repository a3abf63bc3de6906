import * as z from "zod";
import { InputRuleError } from "./input-rules.ts";
import { beginOfDay, isoDate } from "./memories/calendar.ts";

/** A day of a calendar whose zone is still to be chosen: days since the epoch. */
export interface CalendarDay {
  day: number;
}

/** An instant in milliseconds since the epoch, or a whole day. */
export type Moment = number | CalendarDay;

/** Both ends of a span belong to it; none where it is left out. */
export interface Span<End = number> {
  since?: End | undefined;
  until?: End | undefined;
}

const date = /^\d{4}-\d{2}-\d{2}$/u;
const dayMs = 86_400_000;
const instant = z.iso.datetime({ offset: true });

/** An RFC 3339 instant, or a date: from the first moment of that day, up to the last one. */
export const momentField = z
  .string({ error: ({ input }) => (input === undefined ? "is missing" : notAMoment(input)) })
  .refine((text) => instant.safeParse(text).success || isDate(text), {
    error: ({ input }) => notAMoment(input),
  })
  .meta({ anyOf: [{ format: "date-time" }, { format: "date" }] })
  .transform((text): Moment => (date.test(text) ? { day: Date.parse(text) / dayMs } : Date.parse(text)));

/**
 * The instants of a span whose days are those of a zone; the last day belongs to it as a whole. Throws `RANGE_REVERSED`. Days begin where
 * those of the timeline do.
 */
export function spanIn(timeZone: string, { since, until }: Span<Moment>): Required<Span> {
  const span = {
    since: since === undefined ? undefined : beginOf(since, timeZone),
    until: until === undefined ? undefined : endOf(until, timeZone),
  };
  requireOrderedRange(span);
  return span;
}

/** As it is written: `2025-01-31`, or RFC 3339 in UTC. */
export function momentText(moment: Moment): string {
  return typeof moment === "number" ? new Date(moment).toISOString() : isoDate(moment.day);
}

/** The first instant of a moment. Milliseconds since the epoch. */
export function beginOf(moment: Moment, timeZone: string): number {
  return typeof moment === "number" ? moment : beginOfDay(moment.day, timeZone);
}

/** The last one. */
export function endOf(moment: Moment, timeZone: string): number {
  return typeof moment === "number" ? moment : beginOfDay(moment.day + 1, timeZone) - 1;
}

/**
 * Throws `RANGE_REVERSED` for a span that ends before it begins. Of an instant and a day, `spanIn` knows the order. Anything that is no moment
 * is none of it.
 */
export function requireOrderedRange({ since, until }: { since?: unknown; until?: unknown }): void {
  const [from, to] = [orderOf(since), orderOf(until)];
  if (from === null || to === null || from.kind !== to.kind || from.at <= to.at) return;
  throw new InputRuleError("RANGE_REVERSED", "since", `since, ${from.text}, is later than until, ${to.text}`);
}

function orderOf(moment: unknown): { kind: string; at: number; text: string } | null {
  if (typeof moment === "number")
    return { kind: "instant", at: moment, text: new Date(moment).toISOString() };
  const day = typeof moment === "object" && moment !== null && "day" in moment ? moment.day : null;
  return typeof day === "number" ? { kind: "day", at: day, text: isoDate(day) } : null;
}

/** `Date` turns 30 February into 2 March. */
function isDate(text: string): boolean {
  return date.test(text) && z.iso.date().safeParse(text).success;
}

/** In a query, a `+` that is not encoded is a space. */
function notAMoment(input: unknown): string {
  const isSpaced = typeof input === "string" && / \d\d:\d\d$/u.test(input);
  return `must be a date such as 2025-01-31 or a time such as 2025-01-31T18:00:00Z${isSpaced ? "; a + in a query is written %2B" : ""}`;
}
