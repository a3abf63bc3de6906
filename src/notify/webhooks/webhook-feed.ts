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
const gatherMs = 1000;
const fullMessage = 250;
/** Limit of waiting messages per channel, which hold a hundred thousand events. */
const mostWaiting = 400;
/** Limit of buffered events while the store is slow. */
const mostGathered = 10_000;

interface Gathered {
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
  readonly #gathered = new Map<string, Gathered>();
  readonly #stops: (() => void)[];
  #waking: AbortController | null = null;
  #handing: Promise<void> = Promise.resolve();

  constructor(options: WebhookFeedOptions) {
    this.#options = options;
    const names = Object.keys(descriptions) as (keyof typeof descriptions)[];
    this.#stops = names.map((name) => options.source.on(name, (payload) => this.#take(name, payload)));
  }

  /** Resolves when all buffered events are in the outbox or counted as dropped. */
  async flush(): Promise<void> {
    this.#waking?.abort();
    this.#waking = null;
    this.#handing = this.#handing.then(() => this.#handOver());
    await this.#handing;
  }

  /** Unsubscribes. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.flush();
  }

  #take<Name extends keyof typeof descriptions>(name: Name, payload: WebhookSource[Name]): void {
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
      this.#gather(subscription.id, event);
  }

  #gather(channelId: string, event: NotificationEvent): void {
    const gathered = this.#gathered.get(channelId) ?? { events: [], dropped: 0 };
    this.#gathered.set(channelId, gathered);
    if (gathered.events.length >= mostGathered) {
      this.#drop(channelId, gathered, 1);
      return;
    }
    gathered.events.push(event);
    if (gathered.events.length % fullMessage === 0) void this.flush();
    else if (this.#waking === null) void this.#flushLater();
  }

  async #flushLater(): Promise<void> {
    const waking = new AbortController();
    this.#waking = waking;
    const isOver = await this.#options.clock.sleep(gatherMs, waking.signal).then(
      () => true,
      () => false,
    );
    if (isOver) await this.flush();
  }

  async #handOver(): Promise<void> {
    for (const [channelId, gathered] of this.#gathered) {
      while (gathered.events.length > 0) await this.#handOne(channelId, gathered);
    }
  }

  async #handOne(channelId: string, gathered: Gathered): Promise<void> {
    const { outbox, events } = this.#options;
    const told = gathered.events.splice(0, fullMessage);
    if (outbox.waiting(channelId) >= mostWaiting) {
      this.#drop(channelId, gathered, told.length);
      return;
    }
    const { dropped } = gathered;
    gathered.dropped = 0;
    try {
      await outbox.enqueue([channelId], [messageOf(told, dropped)]);
    } catch (thrown) {
      gathered.dropped += dropped;
      this.#drop(channelId, gathered, told.length);
      events.emit("notify:store-failed", { error: toConnectorError(thrown) });
    }
  }

  #drop(channelId: string, gathered: Gathered, count: number): void {
    gathered.dropped += count;
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
