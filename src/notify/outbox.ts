import { randomBytes } from "node:crypto";
import type { Message } from "../state/message.ts";
import type { StoredAlert, StoredDelivery } from "../state/notification-store.ts";
import type { Channel } from "./channel.ts";
import { ChannelWorker, type ChannelWorkerOptions, giveUpAfterMs } from "./channel-worker.ts";

/** All waiting messages, and the workers that send them, one per channel. */
export class Outbox {
  readonly #options: ChannelWorkerOptions;
  readonly #workers = new Map<string, ChannelWorker>();
  #sequence = 0;

  constructor(options: ChannelWorkerOptions) {
    this.#options = options;
  }

  /** Replaces the channels. Messages for a removed channel are given up when they are a day old. */
  async setChannels(channels: readonly Channel[]): Promise<void> {
    const before = [...this.#workers.values()];
    this.#workers.clear();
    await Promise.all(before.map((worker) => worker.stop()));
    await this.#clearAllBut(new Set(channels.map(({ id }) => id)));
    for (const channel of channels) this.#workers.set(channel.id, new ChannelWorker(channel, this.#options));
  }

  /** Waiting messages of this channel, as of the last poll. */
  waiting(channelId: string): number {
    return this.#workers.get(channelId)?.waiting ?? 0;
  }

  /** Queues a message for each of these channels. Resolves when it is durable, together with its alerts. */
  async enqueue(
    channelIds: readonly string[],
    messages: readonly Message[],
    alerts: readonly StoredAlert[] = [],
  ): Promise<void> {
    const now = this.#options.clock.now();
    const deliveries = messages.flatMap((message) =>
      channelIds.map((channelId) => this.#newDelivery(channelId, message, now)),
    );
    await this.#options.store.enqueue(alerts, deliveries);
    for (const id of channelIds) this.#workers.get(id)?.wake(messages.length);
  }

  /** Waits until nothing more can be sent now, or at most `ms`; resolves to the number of messages still waiting. */
  async flush(ms: number): Promise<number> {
    const workers = [...this.#workers.values()];
    const enough = new AbortController();
    const over = this.#options.clock.sleep(ms, enough.signal).catch(() => undefined);
    await Promise.race([Promise.all(workers.map((worker) => worker.empty())), over]);
    enough.abort();
    return workers.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Unsent messages stay for the next process. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
  }

  #newDelivery(channelId: string, message: Message, now: number): StoredDelivery {
    const id = newDeliveryId(now, this.#sequence++);
    const waits = { attempts: 0, nextAttemptAt: now, claimedUntil: 0, lastError: null };
    return { id, channelId, createdAt: now, message, ...waits };
  }

  async #clearAllBut(known: ReadonlySet<string>): Promise<void> {
    const { store, clock } = this.#options;
    const all = await store.listDeliveries();
    const before = clock.now() - giveUpAfterMs;
    const lost = all.filter(({ channelId, createdAt }) => !known.has(channelId) && createdAt < before);
    if (lost.length > 0) await store.removeDeliveries(lost.map(({ id }) => id));
  }
}

/** Ids sort by creation time, so that the oldest message comes first; within a millisecond by `sequence`. */
export function newDeliveryId(now: number, sequence = 0): string {
  const order = now.toString(36).padStart(9, "0") + (sequence % 36 ** 4).toString(36).padStart(4, "0");
  return `msg_${order}${randomBytes(8).toString("hex")}`;
}
