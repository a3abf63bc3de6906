import type { Clock } from "../../kernel/util/clock.ts";

/** Wrong keys that one address may try within a window before it has to wait. */
const allowed = 10;
/** Milliseconds. */
const windowMs = 60_000;
/** Addresses that are remembered; an attacker with more of them makes the oldest ones forgotten. */
const maxAddresses = 10_000;

interface Tries {
  count: number;
  since: number;
}

/** Counts wrong keys by address, so that keys cannot be guessed at leisure. */
export class FailedTries {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #tries = new Map<string, Tries>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** How long the address has to wait before its next try, in milliseconds; 0 when it need not. */
  waitMs(address: string): number {
    const tries = this.#current(address);
    return tries.count < allowed ? 0 : Math.max(0, tries.since + windowMs - this.#clock.monotonic());
  }

  add(address: string): void {
    const { count, since } = this.#current(address);
    this.#tries.delete(address);
    this.#tries.set(address, { count: count + 1, since });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > maxAddresses && oldest !== undefined) this.#tries.delete(oldest);
  }

  #current(address: string): Tries {
    const now = this.#clock.monotonic();
    const tries = this.#tries.get(address);
    return tries === undefined || now - tries.since >= windowMs ? { count: 0, since: now } : tries;
  }
}
