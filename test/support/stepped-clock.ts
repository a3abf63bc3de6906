import type { Clock } from "../../src/kernel/util/clock.ts";

interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that moves only when a test moves it, unlike `ManualClock`, which every sleep moves. Both times start at `startAt`; `setWallClock` moves one of them alone. */
export class SteppedClock implements Clock {
  private wall: number;
  private steady = 0;
  private sleepers: Sleeper[] = [];

  constructor(startAt = Date.parse("2025-01-01T00:00:00Z")) {
    this.wall = startAt;
  }

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.steady;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) {
      reject(signal.reason);
      return promise;
    }
    const sleeper = { at: this.steady + Math.max(0, ms), wake: resolve };
    const leave = () => {
      this.sleepers = this.sleepers.filter((other) => other !== sleeper);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    this.sleepers.push(sleeper);
    return promise;
  }

  /** How many sleeps are waiting. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /** How long until the next sleeper is due; endless when nobody sleeps. */
  protected get untilNext(): number {
    return Math.min(...this.sleepers.map(({ at }) => at - this.steady));
  }

  /** Moves both times and wakes, in order, whoever is due; what they do at once happens before this resolves. */
  async advance(ms: number): Promise<void> {
    const end = this.steady + ms;
    for (let next = this.nextUntil(end); next !== undefined; next = this.nextUntil(end)) {
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.moveTo(Math.max(this.steady, next.at));
      next.wake();
      await settle();
    }
    this.moveTo(end);
    await settle();
  }

  /** Somebody set the machine's clock. */
  setWallClock(now: number): void {
    this.wall = now;
  }

  private nextUntil(end: number): Sleeper | undefined {
    return this.sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0];
  }

  private moveTo(steady: number): void {
    this.wall += steady - this.steady;
    this.steady = steady;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What a promise resolves to, while time passes: what it waits for may wait for the clock. */
export async function whileTimePasses<Result>(clock: SteppedClock, asked: Promise<Result>): Promise<Result> {
  let isAnswered = false;
  const answered = asked.finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    await clock.advance(10);
    await new Promise(setImmediate);
  }
  return answered;
}
