import { isDeepStrictEqual } from "node:util";
import { allChannels } from "../../config/channels.ts";
import type { NotificationConfig } from "../../config/config.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { addressRanges } from "../../kernel/util/address-ranges.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { AlertWatch } from "../../notify/alerts/alert-watch.ts";
import { FactReader } from "../../notify/alerts/fact-reader.ts";
import { createChannel } from "../../notify/create-channel.ts";
import { Outbox } from "../../notify/outbox.ts";
import { WebhookFeed } from "../../notify/webhooks/webhook-feed.ts";
import type { App } from "../app.ts";

/** What only time changes (nothing synced, nothing moves) is judged so often. Milliseconds. */
const judgeEveryMs = 5 * 60_000;

/** Alerts and webhooks of a process: what is watched, what is told, and to whom. */
export class Notifications {
  readonly #app: App;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #watch: AlertWatch;
  readonly #feed: WebhookFeed;
  readonly #stopping = new AbortController();
  readonly #stops: (() => void)[];
  #inForce: NotificationConfig;
  #following: Promise<void> = Promise.resolve();
  #looking: Promise<void> = Promise.resolve();

  private constructor(app: App, clock: Clock) {
    const { state, events } = app;
    this.#app = app;
    this.#clock = clock;
    this.#inForce = app.config.notifications;
    this.#outbox = new Outbox({ store: state.notifications, clock, random: Math.random, events });
    this.#watch = new AlertWatch({
      store: state.notifications,
      facts: new FactReader({ state, events, circuits: () => app.circuits(), clock }),
      settings: () => this.#alertSettings(),
      connectors: () => app.connectors.configs().filter(({ enabled }) => enabled),
      tell: (ids, messages, alerts) => this.#outbox.tell(ids, messages, alerts),
      clock,
      events,
    });
    const subscriptions = () => this.#inForce.webhooks;
    this.#feed = new WebhookFeed({ source: events, subscriptions, outbox: this.#outbox, clock, events });
    this.#stops = [
      events.on("run:end", ({ record }) => void this.#watch.judgeConnector(record.connectorId)),
      events.on("schedule:run-failed", ({ connectorId }) => void this.#watch.judgeConnector(connectorId)),
      events.on("circuit:change", () => void this.#watch.judgeServers()),
    ];
  }

  /** Takes up what an earlier process left. Throws what the state store throws. */
  static async start(app: App, clock: Clock): Promise<Notifications> {
    const notifications = new Notifications(app, clock);
    await notifications.#setChannels();
    return notifications;
  }

  /** Judges from now on what only time changes, too. */
  watchTime(): void {
    this.#looking = this.#lookNowAndThen();
  }

  /** The configuration may have changed. */
  follow(): void {
    if (isDeepStrictEqual(this.#app.config.notifications, this.#inForce)) return;
    this.#inForce = this.#app.config.notifications;
    this.#following = this.#following
      .then(() => this.#setChannels())
      .catch((thrown) => this.#app.events.emit("notify:store-failed", { error: toConnectorError(thrown) }))
      .then(() => this.#watch.judgeAll());
  }

  /** Waits until everything is told, or so long; resolves to how many messages wait still. They are in the store. */
  async flush(ms: number): Promise<number> {
    await this.#following;
    await this.#watch.idle();
    await this.#feed.flush();
    return this.#outbox.flush(ms);
  }

  /** What was not sent stays in the store for the next process. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#stopping.abort();
    await Promise.all([this.#looking, this.#following, this.#watch.idle()]);
    await this.#feed.close();
    await this.#outbox.close();
  }

  #alertSettings() {
    const { enabled, rules, remindEveryMs, channels } = this.#inForce.alerts;
    return { rules: enabled ? rules : [], remindEveryMs, channelIds: channels.map(({ id }) => id) };
  }

  async #setChannels(): Promise<void> {
    const { alerts, privateAddresses } = this.#inForce;
    const wanted = allChannels({
      ...this.#inForce,
      alerts: { ...alerts, channels: alerts.enabled ? alerts.channels : [] },
    });
    const around = { allowed: addressRanges(privateAddresses), clock: this.#clock };
    await this.#outbox.setChannels(
      await Promise.all(wanted.map((channel) => createChannel(channel, around))),
    );
  }

  async #lookNowAndThen(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#watch.judgeAll();
      await this.#clock.sleep(judgeEveryMs, this.#stopping.signal).catch(() => undefined);
    }
  }
}
