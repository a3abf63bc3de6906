import type { Clock } from "./clock.ts";

export interface TimeLimit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Cancels the limit: the work ended in time. */
  clear(): void;
}

/** Takes any number of milliseconds, infinity included, unlike `AbortSignal.timeout`, which fires immediately beyond 2^31 ms. */
export function startTimeLimit(ms: number, clock: Clock): TimeLimit {
  const over = new AbortController();
  const cleared = new AbortController();
  clock.sleep(ms, cleared.signal).then(
    () => over.abort(),
    () => undefined,
  );
  return { signal: over.signal, clear: () => cleared.abort() };
}
