import type { Clock } from "../util/clock.ts";
import { HttpError } from "./http-error.ts";
import { mayRetry, type RetryMode, type RetryPolicy, waitBeforeRetryMs } from "./retry-policy.ts";

export interface RetryOptions {
  policy: RetryPolicy;
  mode: RetryMode;
  /** A wait that would end later than this is not begun: the failure is thrown at once. Milliseconds from now. */
  budgetMs: number;
  clock: Clock;
  random: () => number;
}

/** Repeats `attempt` after failures that are worth it. Throws the last failure, with the number of attempts on it. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  const deadline = options.clock.monotonic() + options.budgetMs;
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = waitAfter(error, failed, options);
      if (waitMs === null || options.clock.monotonic() + waitMs >= deadline) throw error;
      await options.clock.sleep(waitMs, signal);
    }
  }
}

/** The wait after the `failed`th failure, or null when that was the last attempt. Notes the count on the error. */
function waitAfter(error: unknown, failed: number, { policy, mode, random }: RetryOptions): number | null {
  if (!(error instanceof HttpError)) return null;
  error.attempts = error.failure === "circuit-open" ? failed - 1 : failed;
  if (failed > policy.maxRetries || !mayRetry(error, mode)) return null;
  return waitBeforeRetryMs(error, failed, policy, random);
}
