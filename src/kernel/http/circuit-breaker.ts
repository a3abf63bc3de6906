import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import { isAbort } from "../errors/connector-error.ts";
import type { Clock } from "../util/clock.ts";
import { plural } from "../util/readable.ts";
import { throughGate } from "./abort.ts";

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. */
  threshold: number;
  /** How long the other side is left alone before one call may try again. Milliseconds. */
  openMs: number;
  /** Which errors are signs of an outage. Others say that the other side is alive. */
  isOutage: (error: unknown) => boolean;
  clock: Clock;
}

/** What `status`, metrics and events show of a breaker. Times are milliseconds since the epoch. */
export interface CircuitSnapshot {
  /** `half-open`: one call is trying whether the other side is back. */
  state: "closed" | "open" | "half-open";
  /** When this state began. */
  since: number;
  /** While open: when a call will be let through again; else null. */
  until: number | null;
  consecutiveFailures: number;
  /** The outage that was seen last; null after a success. */
  lastError: string | null;
}

/** Thrown instead of a call while the circuit is open. */
export class CircuitOpen extends Error {
  override readonly name = "CircuitOpen";
  readonly snapshot: CircuitSnapshot;
  /** Milliseconds until a call will be let through. */
  readonly retryAfterMs: number;

  constructor(snapshot: CircuitSnapshot, retryAfterMs: number) {
    super("the circuit is open");
    this.snapshot = snapshot;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Why and until when a server is left alone, as a sentence without its end. */
export function leftAlone(server: string, snapshot: CircuitSnapshot): string {
  const { since, until, consecutiveFailures, lastError } = snapshot;
  const times = `left alone since ${isoTime(since)} until ${isoTime(until ?? since)}`;
  return `${server} failed ${plural(consecutiveFailures, "time")} in a row, the last time with "${lastError}"; it is ${times}`;
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

const stateNames = {
  [CircuitState.Closed]: "closed",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Open]: "open",
  [CircuitState.Isolated]: "open",
} as const;

/**
 * Leaves the other side alone after too many failures in a row. Cockatiel's breaker with three additions: its state can be
 * read, its pause follows a clock that cannot be set back, and waiting calls hear their signal.
 */
export class CircuitBreaker {
  readonly #policy: CircuitBreakerPolicy;
  readonly #failures: ConsecutiveBreaker;
  readonly #clock: Clock;
  #since: number;
  #openUntil = 0;
  #lastError: string | null = null;

  constructor(options: CircuitBreakerOptions) {
    const { clock, isOutage } = options;
    this.#clock = clock;
    this.#since = clock.now();
    this.#failures = new ConsecutiveBreaker(options.threshold);
    const counts = (error: unknown) => isOutage(error) || this.#abandonedProbe(error);
    this.#policy = circuitBreaker(handleWhen(counts), {
      breaker: this.#failures,
      halfOpenAfter: { next: () => this.#pause(options.openMs) },
    });
    this.#policy.onStateChange(() => {
      this.#since = clock.now();
    });
    this.#policy.onSuccess(() => {
      this.#lastError = null;
    });
    this.#policy.onFailure(({ handled, reason }) => {
      if ("error" in reason && reason.error instanceof Error) this.#failed(reason.error, handled);
    });
  }

  /** Runs `work`, or throws `CircuitOpen`. While one call probes a half-open circuit, others wait for its outcome. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await throughGate(this.#policy, work, signal);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new CircuitOpen(this.snapshot(), Math.max(0, this.#openUntil - this.#clock.monotonic()));
    }
  }

  snapshot(): CircuitSnapshot {
    const state = stateNames[this.#policy.state];
    const remainingMs = this.#openUntil - this.#clock.monotonic();
    return {
      state,
      since: this.#since,
      until: state === "open" ? this.#clock.now() + Math.max(0, remainingMs) : null,
      consecutiveFailures: this.#failures.state,
      lastError: this.#lastError,
    };
  }

  /** Calls `listener` after every change of state; returns the way to stop it. */
  onChange(listener: (snapshot: CircuitSnapshot) => void): () => void {
    const subscription = this.#policy.onStateChange(() => listener(this.snapshot()));
    return () => subscription.dispose();
  }

  #failed(error: Error, outage: boolean): void {
    if (outage) this.#lastError = error.message;
    // Cockatiel neither counts nor resets here; a 404 between two failures does show that somebody answers.
    else if (!isAbort(error)) this.#failures.success();
  }

  /** A probe that its caller gave up proves nothing; without this rule it would close the circuit. */
  #abandonedProbe(error: unknown): boolean {
    return this.#policy.state === CircuitState.HalfOpen && isAbort(error);
  }

  /**
   * Cockatiel compares `Date.now() - openedAt` with `duration`, so a clock that is set back would keep the circuit open for
   * as long. The duration is therefore answered from the monotonic clock: endless until the pause is over.
   */
  #pause(openMs: number) {
    const clock = this.#clock;
    const until = clock.monotonic() + openMs;
    this.#openUntil = until;
    const pause = {
      get duration() {
        return clock.monotonic() < until ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      },
      next: () => this.#pause(openMs),
    };
    return pause;
  }
}
