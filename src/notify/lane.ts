import { ConnectorError, isAbort, toConnectorError } from "../kernel/errors/connector-error.ts";
import { withDeadline } from "../kernel/http/abort.ts";
import { backoffMs, type RetryPolicy } from "../kernel/http/retry-policy.ts";
import { believedDue } from "../kernel/util/believed-due.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { NotificationStore, StoredDelivery } from "../state/notification-store.ts";
import { type Channel, PartlyTaken } from "./channel.ts";
import type { NotifyEvents } from "./events.ts";

export interface LaneOptions {
  store: NotificationStore;
  clock: Clock;
  /** In [0, 1); spreads attempts. */
  random: () => number;
  events: Emitter<NotifyEvents>;
}

const retry: RetryPolicy = { maxRetries: Infinity, baseMs: 5_000, multiplier: 3, capMs: 3_600_000 };
/** For one attempt; a channel has shorter limits of its own. Milliseconds. */
const attemptMs = 30_000;
/** A process that died while it sent holds a message back for so long. Longer than an attempt. Milliseconds. */
const claimMs = 60_000;
/** Other processes leave messages, too. Milliseconds. */
const lookEveryMs = 30_000;
/** Who cannot be told for so long is not told. Milliseconds. */
export const giveUpAfterMs = 24 * 3_600_000;

/**
 * Sends the messages of one channel, one at a time and oldest first, from the store: what is there when a process ends, however it ends,
 * another one sends. A channel that fails rests as a whole, so that its messages keep their order and it is not hammered; a message that is refused
 * for what it is steps aside, so that it does not hold up the others.
 */
export class Lane {
  private readonly options: LaneOptions;
  private readonly channel: Channel;
  private readonly stopping = new AbortController();
  private readonly working: Promise<void>;
  private resting = new AbortController();
  /** By the clock that nobody can set. */
  private restUntil = 0;
  /** Infinite before the first look. */
  private left = Number.POSITIVE_INFINITY;
  private wakes = 0;
  private emptied = Promise.withResolvers<void>();

  constructor(channel: Channel, options: LaneOptions) {
    this.channel = channel;
    this.options = options;
    this.working = this.work();
  }

  /** Messages that wait, as far as is known. */
  get waiting(): number {
    return Number.isFinite(this.left) ? this.left : 0;
  }

  /** There are `added` new messages. */
  wake(added: number): void {
    this.wakes += 1;
    this.setLeft(this.left + added);
    this.resting.abort();
  }

  /** Resolves when no message waits, or none can be sent for a while. */
  async empty(): Promise<void> {
    while (this.left > 0 && !this.isResting()) await this.emptied.promise;
  }

  /** Cuts an attempt short; its message stays and is sent again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.resting.abort();
    await this.working;
    await this.channel.close();
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // Made before the look, so that a message that comes during it is not slept over.
      this.resting = new AbortController();
      const waitMs = await this.sendDue().catch((thrown) => this.storeFailed(thrown));
      await this.options.clock.sleep(waitMs, this.resting.signal).catch(() => undefined);
    }
  }

  /** Resolves to the milliseconds until there is more to do. */
  private async sendDue(): Promise<number> {
    const mine = await this.mine();
    for (const { id } of mine.filter((each) => this.isDue(each))) {
      if (this.stopping.signal.aborted || this.isResting()) break;
      await this.take(id);
    }
    const rest = mine.length === 0 ? [] : await this.mine();
    const { clock } = this.options;
    const now = clock.now();
    const waits = rest.map((each) => dueAt(each, now) - now);
    const untilNext = Math.min(...waits, Number.POSITIVE_INFINITY);
    return Math.min(lookEveryMs, Math.max(0, untilNext, this.restUntil - clock.monotonic()));
  }

  private async mine(): Promise<StoredDelivery[]> {
    const { wakes } = this;
    const all = await this.options.store.listDeliveries();
    const mine = all.filter(({ channelId }) => channelId === this.channel.id);
    // Messages that came meanwhile are not in the list; the next look counts them.
    if (wakes === this.wakes) this.setLeft(mine.length);
    return mine;
  }

  private setLeft(left: number): void {
    if (left === 0) this.emptied.resolve();
    else if (this.left === 0) this.emptied = Promise.withResolvers<void>();
    this.left = left;
  }

  private isDue(delivery: StoredDelivery): boolean {
    const now = this.options.clock.now();
    return dueAt(delivery, now) <= now;
  }

  private isResting(): boolean {
    return this.restUntil > this.options.clock.monotonic();
  }

  private async take(id: string): Promise<void> {
    const { store, clock } = this.options;
    const now = clock.now();
    const delivery = await store.claimDelivery(id, now, now + claimMs);
    if (delivery === null) return;
    const attempts = delivery.attempts + 1;
    const error = await this.attempt(delivery);
    if (error === null) {
      await store.removeDeliveries([id]);
      this.options.events.emit("notify:sent", { channelId: this.channel.id, deliveryId: id, attempts });
    } else if (this.stopping.signal.aborted) await store.saveDelivery({ ...delivery, claimedUntil: 0 });
    else
      await this.putOff(
        { ...delivery, attempts, ...(error instanceof PartlyTaken && { to: error.left }) },
        error,
      );
  }

  /** Null when the message was taken. */
  private async attempt(delivery: StoredDelivery): Promise<ConnectorError | null> {
    const tooLong = () =>
      new ConnectorError(
        "CHANNEL_UNREACHABLE",
        `channel "${this.channel.id}" did not finish within ${attemptMs} ms`,
      );
    try {
      await withDeadline(attemptMs, this.stopping.signal, tooLong, (signal) =>
        this.channel.send(delivery, signal),
      );
      return null;
    } catch (thrown) {
      return toConnectorError(thrown);
    }
  }

  private async putOff(delivery: StoredDelivery, error: ConnectorError): Promise<void> {
    const { store, clock, random, events } = this.options;
    const { id, attempts, createdAt } = delivery;
    const waitMs = error.retryAfterMs || backoffMs(attempts, retry, random());
    const nextAttemptAt = clock.now() + waitMs;
    const final = nextAttemptAt - believedDue(createdAt, clock.now(), 0) > giveUpAfterMs;
    if (final) await store.removeDeliveries([id]);
    else await store.saveDelivery({ ...delivery, nextAttemptAt, claimedUntil: 0, lastError: error.message });
    if (error.reaction !== "skip-item") this.rest(waitMs);
    events.emit("notify:failed", { channelId: this.channel.id, deliveryId: id, attempts, final, error });
  }

  private rest(ms: number): void {
    this.restUntil = this.options.clock.monotonic() + ms;
    this.emptied.resolve();
    this.emptied = Promise.withResolvers<void>();
  }

  private storeFailed(thrown: unknown): number {
    if (!isAbort(thrown))
      this.options.events.emit("notify:store-failed", { error: toConnectorError(thrown) });
    return lookEveryMs;
  }
}

/** A moment that lies further away than anybody waits was written by a process whose clock was wrong: it is not waited for. */
function dueAt({ nextAttemptAt, claimedUntil }: StoredDelivery, now: number): number {
  return Math.max(believedDue(nextAttemptAt, now, giveUpAfterMs), believedDue(claimedUntil, now, claimMs));
}
