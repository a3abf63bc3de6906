import type { Clock } from "../util/clock.ts";
import type { StreamedAnswer } from "./exchange.ts";
import { HttpError } from "./http-error.ts";

/** One finished attempt of a request, for metrics and logs. */
export interface HttpAttempt {
  method: string;
  /** Null when there was no response. */
  status: number | null;
  /** From connecting to the last byte read. */
  durationMs: number;
}

/** Must not throw. */
export type AttemptObserver = (attempt: HttpAttempt) => void;

export interface ObservedAttempt {
  method: string;
  clock: Clock;
  observer: AttemptObserver | undefined;
  /** An attempt aborted by its caller says nothing about the server and is not reported. */
  signal: AbortSignal;
}

/** Makes an attempt and reports its outcome to the observer. `work` passes an accepted response through `answered`. */
export async function observeAttempt<T>(
  { method, clock, observer, signal }: ObservedAttempt,
  work: (answered: (answer: StreamedAnswer) => StreamedAnswer) => Promise<T>,
): Promise<T> {
  const startedAt = clock.monotonic();
  let status: number | null = null;
  const answered = (answer: StreamedAnswer) => {
    status = answer.status;
    return answer;
  };
  try {
    return await work(answered);
  } catch (error) {
    if (error instanceof HttpError && error.status !== undefined) status = error.status;
    throw error;
  } finally {
    if (!signal.aborted) observer?.({ method, status, durationMs: clock.monotonic() - startedAt });
  }
}
