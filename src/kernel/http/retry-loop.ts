import type { Clock } from "../util/clock.ts";
import { HttpError } from "./http-error.ts";
import { mayRetry, type RetryMode, type RetryPolicy, waitBeforeRetryMs } from "./retry-policy.ts";

export interface RetryOptions {
  policy: RetryPolicy;
  mode: RetryMode;
  /** Whether to wait for an open circuit. */
  waitsWhenOpen: boolean;
  /** A wait that would end later than this is not started: the failure is thrown immediately. Milliseconds from now. */
  budgetMs: number;
  clock: Clock;
  random: () => number;
}

/** Repeats `attempt` after retryable failures. Throws the last failure, annotated with the number of attempts sent. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  const deadline = options.clock.monotonic() + options.budgetMs;
  let sent = 0;
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.failure !== "circuit-open") sent++;
      error.attempts = sent;
      const waitMs = waitAfter(error, failed, options);
      if (waitMs === null || options.clock.monotonic() + waitMs >= deadline) throw error;
      await options.clock.sleep(waitMs, signal);
    }
  }
}

/** The wait after the `failed`th failure, or null when it is the last. */
function waitAfter(
  error: HttpError,
  failed: number,
  { policy, mode, waitsWhenOpen, random }: RetryOptions,
): number | null {
  const again = error.failure === "circuit-open" ? waitsWhenOpen : mayRetry(error, mode);
  if (failed > policy.maxRetries || !again) return null;
  return waitBeforeRetryMs(error, failed, policy, random);
}
