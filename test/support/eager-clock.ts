import { setImmediate } from "node:timers/promises";
import { SteppedClock } from "./stepped-clock.ts";

/** Turns of the event loop after which those who are not asleep have come as far as they can without a disk or a network. */
const turns = 4;

/**
 * A clock that moves to the next sleeper as soon as everybody else waits: a run of minutes takes milliseconds. An endless sleep is
 * never over. For worlds that live in memory.
 */
export class EagerClock extends SteppedClock {
  /** How long each sleep was asked to be, in the order asked. */
  readonly sleeps: number[] = [];
  private isMoving = false;

  get longestSleep(): number {
    return Math.max(0, ...this.sleeps);
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    const slept = super.sleep(ms, signal);
    void this.move();
    return slept;
  }

  private async move(): Promise<void> {
    if (this.isMoving) return;
    this.isMoving = true;
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    while (this.untilNext < Number.POSITIVE_INFINITY) {
      await this.advance(this.untilNext);
      for (let turn = 0; turn < turns; turn++) await setImmediate();
    }
    this.isMoving = false;
  }
}
