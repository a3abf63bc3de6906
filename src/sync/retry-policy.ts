import type { LedgerEvent } from "../domain/ledger.ts";
import type { LedgerRow, RowError } from "../domain/ledger-row.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { RetryPolicy } from "./sync-settings.ts";

/** How long to wait after the given number of failed attempts (1 or more): exponential, capped, the upper half of it random. */
export function backoffMs(policy: RetryPolicy, failedAttempts: number, random: () => number): number {
  const exponential = policy.initialBackoffMs * policy.backoffMultiplier ** (failedAttempts - 1);
  const capped = Math.min(policy.maxBackoffMs, exponential);
  return Math.round(capped / 2 + (capped / 2) * random());
}

/** What a failure means for its row: a dead letter, if the error is the item's own; else what a failed attempt means. */
export function failureEvent(
  row: LedgerRow,
  error: ConnectorError,
  policy: RetryPolicy,
  now: number,
  random: () => number,
): LedgerEvent {
  if (error.reaction === "skip-item") return { type: "die", error: rowError(error) };
  return attemptEvent(row, error, policy, now, random);
}

/** What a failed attempt means for its row, whatever its error usually asks for: another try later, or a dead letter. */
export function attemptEvent(
  row: LedgerRow,
  error: ConnectorError,
  policy: RetryPolicy,
  now: number,
  random: () => number,
): LedgerEvent {
  const attempts = row.attempts + 1;
  if (attempts >= policy.maxAttempts) return { type: "die", error: rowError(error) };
  return { type: "fail", error: rowError(error), nextAttemptAt: now + backoffMs(policy, attempts, random) };
}

/** The part of an error that is kept in the ledger. */
export function rowError(error: ConnectorError): RowError {
  return { code: error.code, message: error.message, hint: error.hint };
}
