import type { Clock } from "../../kernel/util/clock.ts";
import type { Board, Following } from "../../state/board.ts";
import type { Happening, LiveEvents } from "./live-events.ts";

/** What processes share through the state, and read again when another one says that it has changed. */
export type SharedThing = "connectors" | "schedules" | "runs" | "requests" | "shares" | "guesses";

type Told =
  /** A process is there, and wants to know which others are. */
  | { kind: "here"; asks: boolean }
  | { kind: "events"; events: Happening[]; missed: boolean }
  | { kind: "changed"; what: SharedThing; about?: string };

/** How often a process that is not alone says that it is there, and after how long a silence it counts as gone. Milliseconds. */
const hereEveryMs = 10_000;
const silenceMs = 30_000;

/** Events are told together that come within this time of each other, and no more than so many. */
const gatherMs = 100;
const mostWaiting = 1_000;

/** How long those that are there may take to answer; until then events wait for them. Milliseconds. */
const answerMs = 1_500;

/** `about` is what was told of; undefined where all of it may have changed. */
type Listener = (about?: string) => void;

const missedReason = "events of another process have not come here";

export interface RelayOptions {
  board: Board;
  live: LiveEvents;
  clock: Pick<Clock, "monotonic">;
}

/**
 * Between the processes on one state: each tells the others what happens in it, and which of the things that all share it has changed. A process
 * that is alone writes nothing but one word at its start.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #listeners = new Map<SharedThing, Set<Listener>>();
  /** The other processes, with the moment in which each was heard last. */
  readonly #others = new Map<string, number>();
  #waiting: Happening[] = [];
  #hasDropped = false;
  #gathering: NodeJS.Timeout | null = null;
  #beat: NodeJS.Timeout | undefined;
  #following: Promise<Following> | null = null;
  #startedAt = 0;
  #telling: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Starting twice is harmless. A state that cannot be read or written now is no reason to fail: it is tried again by all that follows. */
  async start(): Promise<void> {
    if (this.#following !== null) return void (await this.#following.catch(() => undefined));
    const { board, live, clock } = this.#options;
    this.#startedAt = clock.monotonic();
    const happened = (event: Happening) => this.#gather(event);
    this.#stopListening = live.listen({ happened, missed: () => undefined }, { onlyOwn: true });
    this.#beat = setInterval(() => void this.#sayHere(), hereEveryMs).unref();
    this.#following = board.follow({
      heard: (content, from) => this.#hear(content as Told, from),
      missed: () => this.#haveMissed(),
    });
    await this.#following.catch(() => undefined);
    await this.#post({ kind: "here", asks: true }).catch(() => undefined);
  }

  /** Tells what waits and ends it. */
  async stop(): Promise<void> {
    if (this.#following === null) return;
    this.#stopListening();
    clearInterval(this.#beat);
    this.#tellEvents();
    await this.#telling;
    await this.#following.then((following) => following.end()).catch(() => undefined);
  }

  /** Calls back when another process has changed it. Returns a function that ends it. */
  on(what: SharedThing, listener: Listener): () => void {
    const listeners = this.#listeners.get(what) ?? new Set();
    this.#listeners.set(what, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Tells the others that this process has changed it; to be called when that is durable. Whoever misses it finds the change by itself, later. */
  changed(what: SharedThing, about?: string): void {
    if (this.#hasCompany()) this.#tell({ kind: "changed", what, ...(about !== undefined && { about }) });
  }

  /** Whether another process is known, or may not have had the time to make itself known. */
  mayBeThere(id: string): boolean {
    return this.#others.has(id) || this.#isNew();
  }

  #hear(told: Told, from: string): void {
    this.#others.set(from, this.#options.clock.monotonic());
    if (told.kind === "here" && told.asks) this.#tell({ kind: "here", asks: false });
    if (told.kind === "events") this.#hearEvents(told);
    if (told.kind === "changed") this.#call(told.what, told.about);
  }

  #hearEvents({ events, missed }: Extract<Told, { kind: "events" }>): void {
    const { live } = this.#options;
    for (const event of events) live.hear(event);
    if (missed) live.miss(missedReason);
  }

  #haveMissed(): void {
    this.#options.live.miss(missedReason);
    this.#tell({ kind: "here", asks: true });
    for (const what of this.#listeners.keys()) this.#call(what);
  }

  #call(what: SharedThing, about?: string): void {
    for (const listener of this.#listeners.get(what) ?? []) listener(about);
  }

  #hasCompany(): boolean {
    return this.#others.size > 0 || this.#isNew();
  }

  #isNew(): boolean {
    return this.#options.clock.monotonic() - this.#startedAt < answerMs;
  }

  #gather(event: Happening): void {
    if (!this.#hasCompany()) return;
    if (this.#waiting.length < mostWaiting) this.#waiting.push(event);
    else this.#hasDropped = true;
    this.#gathering ??= setTimeout(() => this.#tellEvents(), gatherMs).unref();
  }

  #tellEvents(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    if (this.#waiting.length === 0) return;
    // Nobody has answered yet.
    if (this.#others.size === 0 && this.#hasCompany()) {
      this.#gathering = setTimeout(() => this.#tellEvents(), gatherMs).unref();
      return;
    }
    const told: Told = { kind: "events", events: this.#waiting, missed: this.#hasDropped };
    this.#waiting = [];
    this.#hasDropped = false;
    if (this.#others.size > 0) this.#tell(told);
  }

  /** A process that was silent only because the state could not be written to is not gone. */
  async #sayHere(): Promise<void> {
    if (this.#others.size === 0) return;
    const isSaid = await this.#post({ kind: "here", asks: false }).then(
      () => true,
      () => false,
    );
    const now = this.#options.clock.monotonic();
    for (const [other, heardAt] of this.#others)
      if (isSaid && now - heardAt > silenceMs) this.#others.delete(other);
  }

  #tell(told: Told): void {
    this.#telling = this.#telling.then(() => this.#post(told)).catch(() => undefined);
  }

  #post(told: Told): Promise<void> {
    return this.#options.board.post(told);
  }
}
