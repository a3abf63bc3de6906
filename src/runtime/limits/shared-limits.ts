import { type RateLimit, RateLimiter } from "../../kernel/http/token-bucket.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { Places } from "../../kernel/util/places.ts";
import { isDead, thisPlace } from "../../kernel/util/process-place.ts";
import type { SharePart, ShareStore } from "../../state/record-stores.ts";
import type { Relay } from "../live/relay.ts";
import { shareOut } from "./share-out.ts";

/** How often the parts are looked at while a limit is used and other processes are there. Milliseconds. */
const lookEveryMs = 1_000;
/** For how long a process has what cannot be divided. Milliseconds. */
const turnMs = 10_000;

export interface SharedLimitsOptions {
  store: ShareStore;
  relay: Pick<Relay, "on" | "changed" | "mayBeThere">;
  clock: Clock;
  /** This process on the board; null where it has every limit for itself. */
  id: string | null;
}

/** A limit of a server that is used now. */
interface Limit {
  most: number;
  isWhole: boolean;
  used: () => number;
  /** The part of this process has changed. */
  apply: (part: number) => void;
}

interface Used extends Limit {
  users: number;
  /** What is written down; null before that. */
  part: number | null;
  /** One change of the parts at a time. */
  working: Promise<void>;
}

/**
 * Limits that belong to a server and not to a process: however many processes on one state use the server, they have together what is configured.
 * Each has a part that is as even as it can be, written down in the state before it is used; when a process comes or goes, the others give up or take
 * theirs. A process that is alone has all of it, for one short change at the beginning of its work.
 */
export class SharedLimits {
  readonly #options: SharedLimitsOptions;
  readonly #used = new Map<string, Used>();
  readonly #places = new Map<string, Places>();
  readonly #limiters = new Map<string, RateLimiter>();
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | null = null;
  #leaving: Promise<void> = Promise.resolve();

  constructor(options: SharedLimitsOptions) {
    this.#options = options;
    this.#stopListening = options.relay.on("shares", () => this.#balanceAll());
  }

  /** Documents that a LightRAG may have accepted and not finished, while `work` runs. */
  async withPlaces<T>(server: string, most: number, work: (places: Places) => Promise<T>): Promise<T> {
    const name = `in flight ${server}`;
    const places = this.#places.get(name) ?? new Places(most);
    this.#places.set(name, places);
    const apply = (part: number) => places.setCapacity(part);
    return this.#during(name, { most, isWhole: true, used: () => places.used, apply }, () => work(places));
  }

  /** What limits requests to a server; its clients have one together, and its part of the limit while `withRate` runs. */
  limiterOf(server: string, limit: RateLimit): RateLimiter {
    const name = nameOfRate(server, limit.perSecond);
    const limiter = this.#limiters.get(name) ?? new RateLimiter(limit, this.#options.clock);
    this.#limiters.set(name, limiter);
    return limiter;
  }

  async withRate<T>(server: string, limit: RateLimit, work: () => Promise<T>): Promise<T> {
    const limiter = this.limiterOf(server, limit);
    const { perSecond: most } = limit;
    const apply = (part: number) => limiter.setRate(part);
    return this.#during(nameOfRate(server, most), { most, isWhole: false, used: () => 0, apply }, work);
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    this.#stopListening();
    for (const name of [...this.#used.keys()]) this.#leave(name);
    await this.#leaving;
  }

  async #during<T>(name: string, limit: Limit, work: () => Promise<T>): Promise<T> {
    const used = this.#used.get(name) ?? { ...limit, users: 0, part: null, working: this.#leaving };
    this.#used.set(name, used);
    used.users += 1;
    // The smallest counts where connectors differ about one server.
    used.most = Math.min(used.most, limit.most);
    try {
      await this.#balance(name, used);
      return await work();
    } finally {
      used.users -= 1;
      if (used.users === 0) this.#leave(name);
    }
  }

  #balanceAll(): void {
    for (const [name, used] of this.#used) void this.#balance(name, used);
  }

  /** A state that cannot be changed now ends the work by what it has to do there itself; until then all stays as it was. */
  #balance(name: string, used: Used): Promise<void> {
    used.working = used.working
      .then(() => this.#balanceNow(name, used))
      .catch(() => used.apply(used.part ?? used.most));
    return used.working;
  }

  async #balanceNow(name: string, used: Used): Promise<void> {
    const { store, relay, clock, id } = this.#options;
    if (id === null) return used.apply(used.most);
    if (this.#used.get(name) !== used) return;
    const ask = {
      ...{ process: id, place: thisPlace(), limit: used.most, isWhole: used.isWhole },
      isGone: (other: SharePart) => isDead(other.place) || !relay.mayBeThere(other.process),
      turn: Math.floor(clock.now() / turnMs),
    };
    const partIn = (parts: readonly SharePart[]) => parts.find(({ process }) => process === id)?.part ?? 0;
    const stored = await store.change(name, (parts) => parts);
    const planned = partIn(shareOut(stored, { ...ask, used: used.used() }));
    // What is given up is not used any more from before it is written down, and what is taken from after that.
    const kept = Math.max(used.used(), Math.min(partIn(stored), planned));
    used.apply(kept);
    const parts = await store.change(name, (now) => shareOut(now, { ...ask, used: kept }));
    used.part = partIn(parts);
    used.apply(used.part);
    if (parts.length === 1) return;
    this.#lookLater();
    const isShort = used.part < Math.floor(used.most / parts.length);
    if (isShort || used.part !== partIn(stored)) relay.changed("shares");
  }

  #lookLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#balanceAll();
    }, lookEveryMs).unref();
  }

  #leave(name: string): void {
    const { store, relay, id } = this.#options;
    const used = this.#used.get(name);
    this.#used.delete(name);
    if (used === undefined || id === null) return;
    const left = used.working.then(async () => {
      await store.change(name, (parts) => parts.filter(({ process }) => process !== id));
      relay.changed("shares");
    });
    this.#leaving = Promise.all([this.#leaving, left.catch(() => undefined)]).then(() => undefined);
  }
}

function nameOfRate(server: string, perSecond: number): string {
  return `requests ${server} ${perSecond}`;
}
