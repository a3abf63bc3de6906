/** A timer may fire this much early; the slot then counts as reached. Milliseconds. */
const earlyMs = 20;

/**
 * How long to sleep for work that recurs every `everyMs`, aligned to the clock so that all such work shares a wake-up: in an idle
 * process a wake-up costs more than the work. `now` in milliseconds since the epoch.
 */
export function alignedDelay(everyMs: number, now: number): number {
  const untilMs = everyMs - (now % everyMs);
  return untilMs > earlyMs ? untilMs : untilMs + everyMs;
}

/**
 * A due time further away than the longest possible wait was written while the clock was wrong, and is due now. Milliseconds, times
 * since the epoch.
 */
export function plausibleDueTime(dueAt: number, now: number, longestMs: number): number {
  return dueAt > now + longestMs ? now : dueAt;
}
