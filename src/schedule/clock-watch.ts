import type { Clock } from "../kernel/util/clock.ts";

/** Smaller differences between the two clocks are rounding and the steering of a time service. Milliseconds. */
const smallestJumpMs = 1000;

/** Notices when the wall clock is set, by comparing it with the clock that nobody can set. */
export class ClockWatch {
  private readonly clock: Clock;
  private wall: number;
  private monotonic: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.wall = clock.now();
    this.monotonic = clock.monotonic();
  }

  /** By how many milliseconds the wall clock jumped since the last look; negative when it was set back, 0 when it was not set. */
  look(): number {
    const wall = this.clock.now();
    const monotonic = this.clock.monotonic();
    const byMs = Math.round(wall - this.wall - (monotonic - this.monotonic));
    this.wall = wall;
    this.monotonic = monotonic;
    return Math.abs(byMs) < smallestJumpMs ? 0 : byMs;
  }
}
