import { Cron } from "croner";

/**
 * Daylight saving as in cron(8): a job at a fixed time inside the gap runs when the gap ends, and one whose time occurs twice runs
 * once. A job with `*` or a step in seconds, minutes or hours follows local time: it does not run in the gap and runs in both of
 * the doubled hours.
 */
const options = { paused: true, mode: "5-or-6-parts", fixedTimeRule: "no-wildcard" } as const;

const nickname = /^@[a-z]+$/i;

/** The first instant after `after` (milliseconds since the epoch) that the expression matches; null when there is none. */
export function nextCronSlot(expression: string, timezone: string, after: number): number | null {
  return new Cron(expression, { ...options, timezone }).nextRun(new Date(after))?.getTime() ?? null;
}

/** What is wrong with a cron expression or its time zone, as a sentence; null when both are fine. `now` as milliseconds since the epoch. */
export function cronProblem(expression: string, timezone: string, now: number): string | null {
  if (!isTimezone(timezone)) return `"${timezone}" is not an IANA time zone such as Europe/Berlin`;
  const fields = expression.trim().split(/\s+/).length;
  if (!nickname.test(expression.trim()) && fields !== 5 && fields !== 6) {
    return `"${expression}" is not a cron expression: it needs 5 fields, or 6 with seconds first`;
  }
  try {
    const slot = nextCronSlot(expression, timezone, now);
    return slot === null ? `"${expression}" names no moment that ever comes` : null;
  } catch (error) {
    return `"${expression}" is not a cron expression: ${parserMessage(error)}`;
  }
}

/** Whether `Intl` knows this time zone. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The parser's message without its class name. */
function parserMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Cron\w*: /, "");
}
