import type { LedgerEvent } from "../domain/ledger.ts";
import type { LedgerRow, RowError } from "../domain/ledger-row.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { RetryPolicy } from "./sync-settings.ts";

/** How long to wait after the given number of failed attempts (1 or more): exponential, capped, the upper half of it random. */
export function backoffMs(policy: RetryPolicy, failedAttempts: number, random: () => number): number {
  const exponential = policy.initialBackoffMs * policy.backoffMultiplier ** (failedAttempts - 1);
  const capped = Math.min(policy.maxBackoffMs, exponential);
  return Math.round(capped / 2 + (capped / 2) * random());
}

interface RetryParts {
  policy: RetryPolicy;
  clock: Pick<Clock, "now">;
  /** In [0, 1); spreads retries. */
  random: () => number;
}

/** Decides the event for a failure of a row. */
export class Retries {
  readonly #parts: RetryParts;

  constructor(parts: RetryParts) {
    this.#parts = parts;
  }

  /** A dead letter if the item itself is the cause; otherwise a failed attempt. */
  afterFailure(row: LedgerRow, error: ConnectorError): LedgerEvent {
    if (error.reaction === "skip-item") return { type: "die", error: rowError(error) };
    return this.afterAttempt(row, error);
  }

  /** A failed attempt, whatever the error's reaction: a later retry, or a dead letter. */
  afterAttempt(row: LedgerRow, error: ConnectorError): LedgerEvent {
    const { policy, clock, random } = this.#parts;
    const attempts = row.attempts + 1;
    if (attempts >= policy.maxAttempts) return { type: "die", error: rowError(error) };
    const nextAttemptAt = clock.now() + backoffMs(policy, attempts, random);
    return { type: "fail", error: rowError(error), nextAttemptAt };
  }
}

/** The part of an error that is stored in the ledger. */
export function rowError(error: ConnectorError): RowError {
  return { code: error.code, message: error.message, hint: error.hint };
}
