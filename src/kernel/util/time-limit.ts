import type { Clock } from "./clock.ts";

export interface TimeLimit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** The work ended in time. */
  clear(): void;
}

/** Unlike `AbortSignal.timeout`, which is over at once beyond 2^31 ms, for any number of milliseconds, endless included. */
export function startTimeLimit(ms: number, clock: Clock): TimeLimit {
  const over = new AbortController();
  const cleared = new AbortController();
  clock.sleep(ms, cleared.signal).then(
    () => over.abort(),
    () => undefined,
  );
  return { signal: over.signal, clear: () => cleared.abort() };
}
