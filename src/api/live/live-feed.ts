import { randomBytes } from "node:crypto";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Happening, LiveEvents, LiveEventType } from "../../runtime/live/live-events.ts";
import type { Credential } from "../access/credentials.ts";
import { RecentEvents } from "./recent-events.ts";

/** Proxies close connections that are idle for longer. Milliseconds. */
export const heartbeatMs = 15_000;

/** A reader with more unread data is too slow. Bytes, in the buffer of its own connection. */
const mostUnread = 1024 * 1024;

const keyEnded = "the key is not in force any more";

/** One event as sent to readers. Times are RFC 3339. */
export interface LiveEvent extends Omit<Happening, "type"> {
  /** Readers that reconnect name the last one that they received. */
  id: string;
  /** `missed`: events were lost between the reader's last one and the next. */
  type: LiveEventType | "missed";
}

/** The parameters of a reader's request. */
export interface ReaderRequest {
  /** Only events of this connector, and those of no connector; null for all. */
  connectorId: string | null;
  /** The last event that it received; later ones are replayed first. */
  lastId: string | null;
  /** What opened the connection, which ends with it; null where none is required. */
  credential: Credential | null;
}

/** One listening connection. None of its methods may block. */
export interface LiveReader {
  send(event: LiveEvent, json: string): void;
  /** Bytes sent and not yet consumed. */
  unread(): number;
  /** Ends the connection with a reason; `forGood` when reconnecting is of no use. */
  drop(reason: string, forGood: boolean): void;
}

/**
 * Broadcasts events to readers. The only queue is the buffer of each connection, and a reader that lets it grow is dropped: a slow
 * reader costs a run nothing, and a thousand readers cost one serialisation.
 */
export class LiveFeed {
  readonly #clock: Clock;
  readonly #readers = new Map<LiveReader, ReaderRequest>();
  readonly #stop: () => void;
  readonly #recent = new RecentEvents<LiveEvent>();
  /** Prefix of every id, so that ids of an earlier service process are not mistaken for its own. */
  readonly #life = randomBytes(4).toString("hex");
  #count = 0;

  constructor(live: Pick<LiveEvents, "listen">, clock: Clock) {
    this.#clock = clock;
    this.#stop = live.listen({
      happened: (event) => this.#publish(event),
      missed: (reason) => this.#missed(reason),
    });
  }

  /** Returns a function that unsubscribes. */
  add(reader: LiveReader, wishes: ReaderRequest): () => void {
    this.#readers.set(reader, wishes);
    if (wishes.lastId !== null) this.#catchUp(reader, wishes.lastId);
    return () => void this.#readers.delete(reader);
  }

  /** Ends the connections whose credentials are no longer valid. Throws the errors of `isInForce`. */
  async dropRefused(isInForce: (credential: Credential) => Promise<boolean>): Promise<void> {
    const opened = [...this.#readers.values()].flatMap(({ credential }) => credential ?? []);
    for (const [secret, credential] of new Map(opened.map((each) => [each.secret, each]))) {
      if (await isInForce(credential)) continue;
      for (const [reader, wishes] of this.#readers) {
        if (wishes.credential?.secret === secret) this.#drop(reader, keyEnded, true);
      }
    }
  }

  close(): void {
    this.#stop();
    for (const reader of this.#readers.keys()) this.#drop(reader, "the service stops", false);
  }

  #publish(happening: Happening): void {
    const event = { ...this.#nextId(), ...happening };
    const json = JSON.stringify(event);
    this.#recent.add({ event, json });
    for (const reader of this.#readers.keys()) this.#send(reader, event, json);
  }

  #missed(reason: string): void {
    for (const reader of this.#readers.keys()) this.#tellMissed(reader, reason);
  }

  #tellMissed(reader: LiveReader, reason: string): void {
    const at = new Date(this.#clock.now()).toISOString();
    const event = { ...this.#nextId(), type: "missed", at, connectorId: null, data: { reason } } as const;
    this.#send(reader, event, JSON.stringify(event));
  }

  #catchUp(reader: LiveReader, lastId: string): void {
    const since = this.#recent.after(lastId);
    if (since === null)
      this.#tellMissed(reader, "events after the last one that you had are not kept any more");
    for (const { event, json } of since ?? []) this.#send(reader, event, json);
  }

  #nextId(): { id: string } {
    this.#count += 1;
    return { id: `${this.#life}-${this.#count}` };
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
