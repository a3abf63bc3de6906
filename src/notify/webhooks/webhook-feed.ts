import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Emitter, Listenable } from "../../kernel/util/event-bus.ts";
import type { Message, NotificationEvent } from "../../state/message.ts";
import type { NotifyEvents } from "../events.ts";
import { descriptions, type WebhookSource } from "./describe-event.ts";
import type { WebhookEventType } from "./event-types.ts";

/** A subscriber and its filter. */
export interface Subscription {
  /** Its channel. */
  readonly id: string;
  /** Null for all. */
  readonly events: readonly WebhookEventType[] | null;
  /** Ids; null for all, and for events of none. */
  readonly connectors: readonly string[] | null;
}

export interface WebhookFeedOptions {
  source: Listenable<WebhookSource>;
  /** The current subscriptions: a reload changes them. */
  subscriptions: () => readonly Subscription[];
  outbox: {
    enqueue(channelIds: readonly string[], messages: readonly Message[]): Promise<void>;
    waiting(channelId: string): number;
  };
  clock: Clock;
  events: Emitter<NotifyEvents>;
}

/** A batch is sent when it is full, or this long after its first event. Milliseconds. */
const batchMs = 1000;
const maxBatch = 250;
/** Limit of waiting messages per channel, which hold a hundred thousand events. */
const mostWaiting = 400;
/** Limit of buffered events while the store is slow. */
const maxBuffered = 10_000;

interface EventBuffer {
  events: NotificationEvent[];
  /** Since the last message. */
  dropped: number;
}

/**
 * Batches events into messages and hands them to the outbox. Runs never wait for it: a slow receiver loses events, and the next
 * message says how many.
 */
export class WebhookFeed {
  readonly #options: WebhookFeedOptions;
  readonly #buffers = new Map<string, EventBuffer>();
  readonly #stops: (() => void)[];
  #waking: AbortController | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: WebhookFeedOptions) {
    this.#options = options;
    const names = Object.keys(descriptions) as (keyof typeof descriptions)[];
    this.#stops = names.map((name) => options.source.on(name, (payload) => this.#onEvent(name, payload)));
  }

  /** Resolves when all buffered events are in the outbox or counted as dropped. */
  async flush(): Promise<void> {
    this.#waking?.abort();
    this.#waking = null;
    this.#flushing = this.#flushing.then(() => this.#enqueueAll());
    await this.#flushing;
  }

  /** Unsubscribes. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.flush();
  }

  #onEvent<Name extends keyof typeof descriptions>(name: Name, payload: WebhookSource[Name]): void {
    const subscriptions = this.#options.subscriptions();
    if (subscriptions.length === 0) return;
    const describe = descriptions[name] as (
      payload: WebhookSource[Name],
    ) => Omit<NotificationEvent, "at"> | null;
    const description = describe(payload);
    if (description === null) return;
    const { type, connectorId, data } = description;
    const event = { type, at: new Date(this.#options.clock.now()).toISOString(), connectorId, data };
    for (const subscription of subscriptions.filter((each) => wants(each, event)))
      this.#buffer(subscription.id, event);
  }

  #buffer(channelId: string, event: NotificationEvent): void {
    const buffer = this.#buffers.get(channelId) ?? { events: [], dropped: 0 };
    this.#buffers.set(channelId, buffer);
    if (buffer.events.length >= maxBuffered) {
      this.#drop(channelId, buffer, 1);
      return;
    }
    buffer.events.push(event);
    if (buffer.events.length % maxBatch === 0) void this.flush();
    else if (this.#waking === null) void this.#flushLater();
  }

  async #flushLater(): Promise<void> {
    const waking = new AbortController();
    this.#waking = waking;
    const isOver = await this.#options.clock.sleep(batchMs, waking.signal).then(
      () => true,
      () => false,
    );
    if (isOver) await this.flush();
  }

  async #enqueueAll(): Promise<void> {
    for (const [channelId, buffer] of this.#buffers) {
      while (buffer.events.length > 0) await this.#enqueueBatch(channelId, buffer);
    }
  }

  async #enqueueBatch(channelId: string, buffer: EventBuffer): Promise<void> {
    const { outbox, events } = this.#options;
    const batch = buffer.events.splice(0, maxBatch);
    if (outbox.waiting(channelId) >= mostWaiting) {
      this.#drop(channelId, buffer, batch.length);
      return;
    }
    const { dropped } = buffer;
    buffer.dropped = 0;
    try {
      await outbox.enqueue([channelId], [messageOf(batch, dropped)]);
    } catch (thrown) {
      buffer.dropped += dropped;
      this.#drop(channelId, buffer, batch.length);
      events.emit("notify:store-failed", { error: toConnectorError(thrown) });
    }
  }

  #drop(channelId: string, buffer: EventBuffer, count: number): void {
    buffer.dropped += count;
    this.#options.events.emit("notify:dropped", { channelId, count });
  }
}

function wants({ events, connectors }: Subscription, { type, connectorId }: NotificationEvent): boolean {
  const isWanted = events === null || (events as readonly string[]).includes(type);
  return isWanted && (connectors === null || (connectorId !== null && connectors.includes(connectorId)));
}

function messageOf(events: readonly NotificationEvent[], dropped: number): Message {
  const title = events.length === 1 ? (events[0]?.type ?? "") : `${events.length} events`;
  return { title, text: "", tone: "neutral", events, dropped };
}
