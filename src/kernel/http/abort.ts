import { ConnectorError, isAbort } from "../errors/connector-error.ts";

/**
 * Runs `work` under a time budget. Its signal aborts when the caller's does or when `ms` have passed, with the error of
 * `onTimeout` as the reason; either way the reason is what is thrown. `work` must honour the signal.
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

/** Where work waits to be let in: cockatiel's bulkhead and circuit breaker have this shape. */
export interface Gate {
  execute<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Sends `work` through a gate and leaves the queue as soon as the signal aborts. Cockatiel looks at the signal only when
 * a place becomes free. Work that has begun is left to end by itself, so that it can clean up.
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

/** What a call throws when its caller aborted it: an AbortError or `CANCELLED`, whatever reason the caller gave. */
export function cancellation(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof ConnectorError || isAbort(reason)) return reason as Error;
  return new ConnectorError("CANCELLED", "the call was cancelled", { cause: reason });
}
