import { setTimeout as delay } from "node:timers/promises";

/** The port to time, so that tests control it. */
export interface Clock {
  /** Milliseconds since the epoch. May jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary start. Never goes back; use it for durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with an `AbortError` as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node fires a longer timer immediately. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    const options = signal === undefined ? {} : { signal };
    let leftMs = Math.max(0, ms);
    for (; leftMs > longestTimerMs; leftMs -= longestTimerMs) await delay(longestTimerMs, undefined, options);
    await delay(leftMs, undefined, options);
  },
};

interface TimeLimit {
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
