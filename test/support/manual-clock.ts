import type { Clock } from "../../src/kernel/util/clock.ts";

/** A clock that stands still until somebody sleeps or moves it; a sleep moves it and returns at once. */
export class ManualClock implements Clock {
  readonly sleeps: number[] = [];
  #wall: number;
  #monotonic = 0;

  constructor(startsAt = Date.UTC(2026, 0, 1)) {
    this.#wall = startsAt;
  }

  now = (): number => this.#wall;

  monotonic = (): number => this.#monotonic;

  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.advance(ms);
  };

  /** Time passes. */
  advance(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Somebody sets the machine's clock; no time passes. */
  set(epochMs: number): void {
    this.#wall = epochMs;
  }
}
