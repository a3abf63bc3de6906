import { ConnectorError, isAbort, toConnectorError } from "../kernel/errors/connector-error.ts";
import { withDeadline } from "../kernel/http/abort.ts";
import { backoffMs, type RetryPolicy } from "../kernel/http/retry-policy.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { plausibleDueTime } from "../kernel/util/due-time.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { NotificationStore, StoredDelivery } from "../state/notification-store.ts";
import { type Channel, PartialDelivery } from "./channel.ts";
import type { NotifyEvents } from "./events.ts";

export interface ChannelWorkerOptions {
  store: NotificationStore;
  clock: Clock;
  /** In [0, 1); jitter of retries. */
  random: () => number;
  events: Emitter<NotifyEvents>;
}

const retry: RetryPolicy = { maxRetries: Infinity, baseMs: 5_000, multiplier: 3, capMs: 3_600_000 };
/** For one attempt; a channel has shorter limits of its own. Milliseconds. */
const attemptMs = 30_000;
/** Lease of a message being sent: after this, another process may send it. Longer than an attempt. Milliseconds. */
const claimMs = 60_000;
/** Polling interval for messages of other processes. Milliseconds. */
const pollIntervalMs = 30_000;
/** Age at which an undelivered message is given up. Milliseconds. */
export const giveUpAfterMs = 24 * 3_600_000;

/**
 * Sends the messages of one channel from the store, one at a time and oldest first. Messages left by a process that ended are sent
 * by another one. When the channel fails, all its messages wait, so that they keep their order and the receiver is not hammered; a
 * message that is refused itself is postponed alone and does not hold up the others.
 */
export class ChannelWorker {
  readonly #options: ChannelWorkerOptions;
  readonly #channel: Channel;
  readonly #stopping = new AbortController();
  readonly #working: Promise<void>;
  #sleeping = new AbortController();
  /** Monotonic time. */
  #backOffUntil = 0;
  /** Infinite before the first poll. */
  #pending = Number.POSITIVE_INFINITY;
  #wakes = 0;
  #emptied = Promise.withResolvers<void>();
  /** Nothing that waits is due, as of the last poll. */
  #nothingIsDue = false;

  constructor(channel: Channel, options: ChannelWorkerOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#working = this.#work();
  }

  /** Waiting messages, as of the last poll. */
  get waiting(): number {
    return Number.isFinite(this.#pending) ? this.#pending : 0;
  }

  /** Signals `added` new messages. */
  wake(added: number): void {
    this.#wakes += 1;
    this.#nothingIsDue = false;
    this.#setPending(this.#pending + added);
    this.#sleeping.abort();
  }

  /** Resolves when no message waits, or none can be sent at present. */
  async empty(): Promise<void> {
    while (this.#pending > 0 && !this.#isBackingOff() && !this.#nothingIsDue) await this.#emptied.promise;
  }

  /** Aborts a running attempt; its message stays and is sent again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#sleeping.abort();
    await this.#working;
    await this.#channel.close();
  }

  async #work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      // Created before the poll, so that a message that arrives during it is not missed.
      this.#sleeping = new AbortController();
      const waitMs = await this.#sendDue().catch((thrown) => this.#storeFailed(thrown));
      await this.#options.clock.sleep(waitMs, this.#sleeping.signal).catch(() => undefined);
    }
  }

  /** Resolves to the milliseconds until the next attempt is due. */
  async #sendDue(): Promise<number> {
    const wakes = this.#wakes;
    const pending = await this.#listPending();
    this.#restAsStored(pending);
    for (const { id } of pending.filter((each) => this.#isDue(each))) {
      if (this.#stopping.signal.aborted || this.#isBackingOff()) break;
      await this.#deliver(id);
    }
    const rest = pending.length === 0 ? [] : await this.#listPending();
    const { clock } = this.#options;
    const now = clock.now();
    const waits = rest.map((each) => dueAt(each, now) - now);
    const untilNext = Math.min(...waits, Number.POSITIVE_INFINITY);
    if (untilNext > 0 && wakes === this.#wakes) this.#stopWaiting();
    return Math.min(pollIntervalMs, Math.max(0, untilNext, this.#backOffUntil - clock.monotonic()));
  }

  /** What another process has found out about the channel holds for this one. */
  #restAsStored(pending: readonly StoredDelivery[]): void {
    const now = this.#options.clock.now();
    const rests = pending.map(({ channelRestsUntil = 0 }) =>
      plausibleDueTime(channelRestsUntil, now, retry.capMs),
    );
    const restMs = Math.max(0, ...rests) - now;
    if (restMs > 0 && !this.#isBackingOff()) this.#backOff(restMs);
  }

  #stopWaiting(): void {
    this.#nothingIsDue = true;
    this.#emptied.resolve();
    this.#emptied = Promise.withResolvers<void>();
  }

  async #listPending(): Promise<StoredDelivery[]> {
    const wakes = this.#wakes;
    const all = await this.#options.store.listDeliveries();
    const pending = all.filter(({ channelId }) => channelId === this.#channel.id);
    // Messages that arrived meanwhile are not in the list; the next poll counts them.
    if (wakes === this.#wakes) this.#setPending(pending.length);
    return pending;
  }

  #setPending(left: number): void {
    if (left === 0) this.#emptied.resolve();
    else if (this.#pending === 0) this.#emptied = Promise.withResolvers<void>();
    this.#pending = left;
  }

  #isDue(delivery: StoredDelivery): boolean {
    const now = this.#options.clock.now();
    return dueAt(delivery, now) <= now;
  }

  #isBackingOff(): boolean {
    return this.#backOffUntil > this.#options.clock.monotonic();
  }

  async #deliver(id: string): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const delivery = await store.claimDelivery(id, now, now + claimMs);
    if (delivery === null) return;
    const attempts = delivery.attempts + 1;
    const error = await this.#attempt(delivery);
    if (error === null) {
      await store.removeDeliveries([id]);
      this.#options.events.emit("notify:sent", { channelId: this.#channel.id, deliveryId: id, attempts });
    } else if (this.#stopping.signal.aborted) await store.saveDelivery({ ...delivery, claimedUntil: 0 });
    else
      await this.#reschedule(
        { ...delivery, attempts, ...(error instanceof PartialDelivery && { to: error.remaining }) },
        error,
      );
  }

  /** Null when the message was accepted. */
  async #attempt(delivery: StoredDelivery): Promise<ConnectorError | null> {
    const tooLong = () =>
      new ConnectorError(
        "CHANNEL_UNREACHABLE",
        `channel "${this.#channel.id}" did not finish within ${attemptMs} ms`,
      );
    try {
      await withDeadline(attemptMs, this.#stopping.signal, tooLong, (signal) =>
        this.#channel.send(delivery, signal),
      );
      return null;
    } catch (thrown) {
      return toConnectorError(thrown);
    }
  }

  async #reschedule(delivery: StoredDelivery, error: ConnectorError): Promise<void> {
    const { store, clock, random, events } = this.#options;
    const { id, attempts, createdAt } = delivery;
    const waitMs = error.retryAfterMs || backoffMs(attempts, retry, random());
    const nextAttemptAt = clock.now() + waitMs;
    const final = nextAttemptAt - plausibleDueTime(createdAt, clock.now(), 0) > giveUpAfterMs;
    const isChannels = error.reaction !== "skip-item";
    const { channelRestsUntil: _, ...rest } = delivery;
    const failed = { ...rest, nextAttemptAt, claimedUntil: 0, lastError: error.message };
    if (final) await store.removeDeliveries([id]);
    else await store.saveDelivery({ ...failed, ...(isChannels && { channelRestsUntil: nextAttemptAt }) });
    if (isChannels) this.#backOff(waitMs);
    events.emit("notify:failed", { channelId: this.#channel.id, deliveryId: id, attempts, final, error });
  }

  #backOff(ms: number): void {
    this.#backOffUntil = this.#options.clock.monotonic() + ms;
    this.#emptied.resolve();
    this.#emptied = Promise.withResolvers<void>();
  }

  #storeFailed(thrown: unknown): number {
    if (!isAbort(thrown))
      this.#options.events.emit("notify:store-failed", { error: toConnectorError(thrown) });
    return pollIntervalMs;
  }
}

/** A due time beyond the longest possible wait was written by a process whose clock was wrong, and is ignored. */
function dueAt({ nextAttemptAt, claimedUntil }: StoredDelivery, now: number): number {
  return Math.max(
    plausibleDueTime(nextAttemptAt, now, giveUpAfterMs),
    plausibleDueTime(claimedUntil, now, claimMs),
  );
}
