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
  /** How long the circuit stays open before one probe call is let through. Milliseconds. */
  openMs: number;
  /** Which errors indicate an outage. Others prove that the server is alive. */
  isOutage: (error: unknown) => boolean;
  clock: Clock;
}

/** What `status`, metrics and events show of a breaker. Times are milliseconds since the epoch. */
export interface CircuitSnapshot {
  /** `half-open`: one call probes whether the server has recovered. */
  state: "closed" | "open" | "half-open";
  /** When this state was entered. */
  since: number;
  /** While open: when the next call is let through; otherwise null. */
  until: number | null;
  consecutiveFailures: number;
  /** The latest outage; null after a success. */
  lastError: string | null;
}

/** Thrown instead of a call while the circuit is open. */
export class CircuitOpen extends Error {
  override readonly name = "CircuitOpen";
  readonly snapshot: CircuitSnapshot;
  /** Milliseconds until a call is let through. */
  readonly retryAfterMs: number;

  constructor(snapshot: CircuitSnapshot, retryAfterMs: number) {
    super("the circuit is open");
    this.snapshot = snapshot;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Why and until when the circuit to a server is open, as a sentence without its full stop. */
export function describeOpenCircuit(server: string, snapshot: CircuitSnapshot): string {
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
 * Stops calling a server after too many consecutive failures. Cockatiel's breaker with three additions: its state can be read, its
 * pause is measured on a monotonic clock, and waiting calls honour their signal.
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

  /** Calls `listener` after every state change; returns the function that unsubscribes it. */
  onChange(listener: (snapshot: CircuitSnapshot) => void): () => void {
    const subscription = this.#policy.onStateChange(() => listener(this.snapshot()));
    return () => subscription.dispose();
  }

  #failed(error: Error, outage: boolean): void {
    if (outage) this.#lastError = error.message;
    // Cockatiel neither counts nor resets here, but a 404 between two failures does prove that the server answers.
    else if (!isAbort(error)) this.#failures.success();
  }

  /** A probe aborted by its caller proves nothing; without this rule it would close the circuit. */
  #abandonedProbe(error: unknown): boolean {
    return this.#policy.state === CircuitState.HalfOpen && isAbort(error);
  }

  /**
   * Cockatiel compares `Date.now() - openedAt` with `duration`, so a clock that is set back would keep the circuit open for that
   * much longer. The duration is therefore computed from the monotonic clock: infinite until the pause is over.
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
