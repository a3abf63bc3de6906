/**
 * A due time as it is to be believed: one further away than the longest wait there is was written while a clock was wrong, and is due now.
 * All in milliseconds, the times since the epoch.
 */
export function believedDue(dueAt: number, now: number, longestMs: number): number {
  return dueAt > now + longestMs ? now : dueAt;
}
