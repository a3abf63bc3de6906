import type { Clock } from "../kernel/util/clock.ts";

/** Smaller differences between the two clocks are rounding and NTP adjustments. Milliseconds. */
const smallestJumpMs = 1000;

/** Detects changes of the wall clock by comparing it with the monotonic clock. */
export class ClockWatch {
  readonly #clock: Clock;
  #wall: number;
  #monotonic: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.now();
    this.#monotonic = clock.monotonic();
  }

  /** The jump of the wall clock since the last call, in milliseconds; negative when it was set back, 0 when it was not set. */
  measureJump(): number {
    const wall = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    const byMs = Math.round(wall - this.#wall - (monotonic - this.#monotonic));
    this.#wall = wall;
    this.#monotonic = monotonic;
    return Math.abs(byMs) < smallestJumpMs ? 0 : byMs;
  }
}
