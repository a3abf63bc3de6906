import { ConnectorError, isAbort } from "../errors/connector-error.ts";

/**
 * Runs `work` under a deadline. Its signal aborts with the caller's signal or after `ms`, with the error of `onTimeout` as the
 * reason. In both cases the reason is thrown. `work` must honour the signal.
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  onTimeout: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  signal.addEventListener("abort", forward, { once: true });
  const timer = setTimeout(() => controller.abort(onTimeout()), Math.max(0, ms));
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", forward);
  }
}

/** Admits work, at once or later: the shape of cockatiel's bulkhead and circuit breaker. */
export interface Gate {
  execute<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Runs `work` through a gate and leaves its queue as soon as the signal aborts; cockatiel checks the signal only when a slot
 * becomes free. Work that has started is not interrupted, so that it can clean up.
 */
export async function throughGate<T>(gate: Gate, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  const begin = () => {
    signal.removeEventListener("abort", leave);
    signal.throwIfAborted();
    return work();
  };
  try {
    return await Promise.race([gate.execute(begin, signal), left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** The error of a call that its caller aborted: an AbortError or `CANCELLED`, whatever the abort reason was. */
export function cancellation(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof ConnectorError || isAbort(reason)) return reason as Error;
  return new ConnectorError("CANCELLED", "the call was cancelled", { cause: reason });
}

/** Waits for a promise, but no longer than until the signal aborts; then rejects with its reason. */
export async function orAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  return Promise.race([awaited, left.promise]).finally(() => signal.removeEventListener("abort", leave));
}
