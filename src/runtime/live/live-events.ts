import { inRequestWords } from "../../kernel/errors/request-words.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Listenable } from "../../kernel/util/event-bus.ts";
import type { AppEvents } from "../app-events.ts";
import { ProgressThrottle } from "./progress-throttle.ts";

/** The events that readers get. Successful items are omitted: progress counts them. */
export const liveEventTypes = [
  "run:start",
  "run:phase",
  "run:progress",
  "run:notice",
  "run:held",
  "run:budget-spent",
  "run:end",
  "drift:started",
  "drift:checked",
  "drift:failed",
  "item:failed",
  "item:dead",
  "schedule:skip",
  "schedule:run-failed",
  "schedule:change",
  "circuit:change",
  "alert:change",
] as const satisfies readonly (keyof AppEvents)[];
export type LiveEventType = (typeof liveEventTypes)[number];

/** What has happened, in words for readers. Times are RFC 3339. */
export interface Happening {
  type: LiveEventType;
  at: string;
  /** Null for events of no single connector. */
  connectorId: string | null;
  data: unknown;
}

export interface LiveListener {
  happened(event: Happening): void;
  /** Some events never came here. */
  missed(reason: string): void;
}

/** What happens in this process and in those beside it on the same state, for whoever listens. Costs nothing while nobody does. */
export class LiveEvents {
  readonly #clock: Clock;
  readonly #throttle: ProgressThrottle;
  /** With true for those that want only what happens in this process. */
  readonly #listeners = new Map<LiveListener, boolean>();

  constructor(events: Listenable<AppEvents>, clock: Clock) {
    this.#clock = clock;
    this.#throttle = new ProgressThrottle(clock);
    for (const type of liveEventTypes) events.on(type, (payload) => this.#tell(type, payload));
  }

  /** Returns a function that ends it. */
  listen(listener: LiveListener, { onlyOwn = false } = {}): () => void {
    this.#listeners.set(listener, onlyOwn);
    return () => void this.#listeners.delete(listener);
  }

  /** Of another process. */
  hear(event: Happening): void {
    for (const [listener, onlyOwn] of this.#listeners) if (!onlyOwn) listener.happened(event);
  }

  /** Of other processes. */
  miss(reason: string): void {
    for (const [listener, onlyOwn] of this.#listeners) if (!onlyOwn) listener.missed(reason);
  }

  #tell(type: LiveEventType, payload: AppEvents[LiveEventType]): void {
    if (this.#listeners.size === 0) return;
    const data = inRequestWords(this.#throttle.describe(type, payload));
    if (data === null) return;
    const at = new Date(this.#clock.now()).toISOString();
    const event = { type, at, connectorId: connectorOf(payload), data };
    for (const listener of this.#listeners.keys()) listener.happened(event);
  }
}

function connectorOf(payload: AppEvents[LiveEventType]): string | null {
  if ("alert" in payload) return payload.alert.connectorId;
  if ("record" in payload) return payload.record.connectorId;
  if ("report" in payload) return payload.report.connectorId;
  return "connectorId" in payload ? payload.connectorId : null;
}
