import { randomBytes } from "node:crypto";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Listenable } from "../../kernel/util/event-bus.ts";
import type { AppEvents } from "../../runtime/app.ts";
import { ProgressThrottle } from "./progress-throttle.ts";
import { RecentEvents } from "./recent-events.ts";

/** Proxies end connections on which nothing happens for longer. Milliseconds. */
export const heartbeatMs = 15_000;

/** What readers are told. Items that went well are left out: progress counts them. */
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
] as const satisfies readonly (keyof AppEvents)[];
type LiveEventType = (typeof liveEventTypes)[number];

/** A reader that has so much unread is too slow. Bytes, in the buffer of its own connection. */
const mostUnread = 1024 * 1024;

const keyEnded = "the key is not in force any more";

/** One event as readers get it. Times are RFC 3339. */
export interface LiveEvent {
  /** For readers who come back: they name the last one that they had. */
  id: string;
  /** `missed`: events were lost between the last one that the reader had and the next. */
  type: LiveEventType | "missed";
  at: string;
  /** Null when it concerns no single connector. */
  connectorId: string | null;
  data: unknown;
}

/** What a reader asks for. */
export interface ReaderRequest {
  /** Only events of this connector, and those of none; null for all. */
  connectorId: string | null;
  /** The last event that it had; what came after it is told first. */
  lastId: string | null;
  /** The key that opened the connection, which lasts no longer than it; null where none is asked for. */
  key: string | null;
}

/** One connection that listens. Nothing here may wait. */
export interface LiveReader {
  send(event: LiveEvent, json: string): void;
  /** Bytes that were sent and not taken yet. */
  unread(): number;
  /** Ends the connection and says why; `forGood` when coming back is of no use. */
  drop(reason: string, forGood: boolean): void;
}

/**
 * Hands events to readers. The only queue is the buffer of each connection, and who lets it grow is dropped: a slow reader costs a
 * run nothing, and a thousand readers one serialisation.
 */
export class LiveFeed {
  readonly #clock: Clock;
  readonly #readers = new Map<LiveReader, ReaderRequest>();
  readonly #throttle: ProgressThrottle;
  readonly #stops: (() => void)[];
  readonly #recent = new RecentEvents<LiveEvent>();
  /** Begins every id, so that those of an earlier life of the service are not taken for ones of this. */
  readonly #life = randomBytes(4).toString("hex");
  #count = 0;

  constructor(events: Listenable<AppEvents>, clock: Clock) {
    this.#clock = clock;
    this.#throttle = new ProgressThrottle(clock);
    this.#stops = liveEventTypes.map((type) => events.on(type, (payload) => this.#publish(type, payload)));
  }

  /** Returns the way to stop listening. */
  add(reader: LiveReader, wishes: ReaderRequest): () => void {
    this.#readers.set(reader, wishes);
    if (wishes.lastId !== null) this.#catchUp(reader, wishes.lastId);
    return () => void this.#readers.delete(reader);
  }

  /** Ends the connections whose keys are refused by now. Throws what `isInForce` throws. */
  async dropRefused(isInForce: (key: string) => Promise<boolean>): Promise<void> {
    const inUse = new Set([...this.#readers.values()].flatMap(({ key }) => key ?? []));
    for (const refused of inUse) {
      if (await isInForce(refused)) continue;
      for (const [reader, { key }] of this.#readers) if (key === refused) this.#drop(reader, keyEnded, true);
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const reader of this.#readers.keys()) this.#drop(reader, "the service stops", false);
  }

  #publish(type: LiveEventType, payload: AppEvents[LiveEventType]): void {
    const data = this.#throttle.describe(type, payload);
    if (data === null) return;
    const event = this.#eventOf(type, connectorOf(payload), data);
    const json = JSON.stringify(event);
    this.#recent.add({ event, json });
    for (const reader of this.#readers.keys()) this.#send(reader, event, json);
  }

  #catchUp(reader: LiveReader, lastId: string): void {
    const since = this.#recent.after(lastId);
    if (since === null) {
      const reason = "events after the last one that you had are not kept any more";
      const event = this.#eventOf("missed", null, { reason });
      this.#send(reader, event, JSON.stringify(event));
    }
    for (const { event, json } of since ?? []) this.#send(reader, event, json);
  }

  #eventOf(type: LiveEvent["type"], connectorId: string | null, data: unknown): LiveEvent {
    this.#count += 1;
    const at = new Date(this.#clock.now()).toISOString();
    return { id: `${this.#life}-${this.#count}`, type, at, connectorId, data };
  }

  #send(reader: LiveReader, event: LiveEvent, json: string): void {
    const { connectorId } = event;
    const wanted = this.#readers.get(reader)?.connectorId ?? null;
    if (connectorId !== null && wanted !== null && wanted !== connectorId) return;
    if (reader.unread() <= mostUnread) {
      reader.send(event, json);
      return;
    }
    this.#drop(reader, "too slow: more than 1 MiB of events lay unread", false);
  }

  #drop(reader: LiveReader, reason: string, forGood: boolean): void {
    this.#readers.delete(reader);
    reader.drop(reason, forGood);
  }
}

function connectorOf(payload: AppEvents[LiveEventType]): string | null {
  if ("record" in payload) return payload.record.connectorId;
  if ("report" in payload) return payload.report.connectorId;
  return "connectorId" in payload ? payload.connectorId : null;
}
