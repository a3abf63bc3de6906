import { z } from "zod";

/** What is remembered of a medium that could not be read. */
export const failureSchema = z.object({
  /** The last time. Milliseconds since the epoch. */
  failedAt: z.number(),
  /** In a row. */
  failures: z.int().min(1).catch(1).default(1),
});
export type FailedReading = z.output<typeof failureSchema>;

const firstWaitMs = 10 * 60_000;
const longestWaitMs = 86_400_000;
/** So often a medium is waited for, two days in all; its memory then goes on without it, and it is looked at once a day. */
const awaitedFailures = 9;

/** Whether it is too early to try again: what comes late comes mostly soon, so the waits begin short, double and end at a day. */
export function stands({ failedAt, failures }: FailedReading, now: number): boolean {
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
  return now >= failedAt && now - failedAt < waitMs;
}

/** Whether the memory still waits for it. */
export function isAwaited({ failures }: FailedReading): boolean {
  return failures < awaitedFailures;
}

export function failedAgain(before: FailedReading | undefined, now: number): FailedReading {
  return { failedAt: now, failures: (before?.failures ?? 0) + 1 };
}
