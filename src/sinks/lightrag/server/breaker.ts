import { CircuitBreaker } from "../../../kernel/http/circuit-breaker.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import { detailOf } from "./errors.ts";
import type { ResolvedOptions } from "./options.ts";

/** Stands before all calls to one server. */
export function createBreaker({ circuitBreaker, retry, clock }: ResolvedOptions): CircuitBreaker {
  const { failures, cooldownMs } = circuitBreaker;
  return new CircuitBreaker({
    // The retries of a single call never open the circuit by themselves.
    threshold: Math.max(failures, retry.maxRetries + 2),
    openMs: cooldownMs,
    isOutage,
    clock,
  });
}

/**
 * A server that explains what it does not like is alive, whatever the status: LightRAG answers 500 for some documents that it cannot
 * take and 503 while it is busy (LightRAG contract §3.4). A crash and a proxy explain nothing.
 */
function isOutage(error: unknown): boolean {
  return error instanceof HttpError && error.outage && detailOf(error) === "";
}
