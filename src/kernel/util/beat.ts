/** A timer may fire a little before its time; that beat is over. Milliseconds. */
const earlyMs = 20;

/**
 * How long to sleep for work that recurs every `everyMs`, so that it wakes together with other such work: to an idle process a wake
 * costs more than what is done in it. `now` in milliseconds since the epoch.
 */
export function untilNextBeat(everyMs: number, now: number): number {
  const untilMs = everyMs - (now % everyMs);
  return untilMs > earlyMs ? untilMs : untilMs + everyMs;
}
