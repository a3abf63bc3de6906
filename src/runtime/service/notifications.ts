import { isDeepStrictEqual } from "node:util";
import type { NotificationConfig } from "../../config/config.ts";
import { allChannels } from "../../config/config.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { addressRanges } from "../../kernel/util/address-ranges.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { AlertWatch } from "../../notify/alerts/alert-watch.ts";
import { SignalReader } from "../../notify/alerts/signal-reader.ts";
import { createChannel } from "../../notify/create-channel.ts";
import { Outbox } from "../../notify/outbox.ts";
import { WebhookFeed } from "../../notify/webhooks/webhook-feed.ts";
import type { App } from "../app.ts";

/** Interval for rules that depend on time alone (nothing synced, nothing moves). Milliseconds. */
const evaluateEveryMs = 5 * 60_000;

/** Alerts and webhooks of a process, and the delivery of their messages. */
export class Notifications {
  readonly #app: App;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #watch: AlertWatch;
  readonly #feed: WebhookFeed;
  readonly #stopping = new AbortController();
  readonly #stops: (() => void)[];
  #config: NotificationConfig;
  #following: Promise<void> = Promise.resolve();
  #evaluating: Promise<void> = Promise.resolve();

  private constructor(app: App, clock: Clock) {
    const { state, events } = app;
    this.#app = app;
    this.#clock = clock;
    this.#config = app.config.notifications;
    this.#outbox = new Outbox({ store: state.notifications, clock, random: Math.random, events });
    this.#watch = new AlertWatch({
      store: state.notifications,
      signals: new SignalReader({ state, events, circuits: () => app.circuits(), clock }),
      settings: () => this.#alertSettings(),
      connectors: () => app.connectors.configs().filter(({ enabled }) => enabled),
      enqueue: (ids, messages, alerts) => this.#outbox.enqueue(ids, messages, alerts),
      clock,
      events,
    });
    const subscriptions = () => this.#config.webhooks;
    this.#feed = new WebhookFeed({ source: events, subscriptions, outbox: this.#outbox, clock, events });
    this.#stops = [
      events.on("run:end", ({ record }) => void this.#watch.evaluateConnector(record.connectorId)),
      events.on("schedule:run-failed", ({ connectorId }) => void this.#watch.evaluateConnector(connectorId)),
      events.on("circuit:change", () => void this.#watch.evaluateServers()),
    ];
  }

  /** Resumes the messages of an earlier process. Throws the state store's errors. */
  static async start(app: App, clock: Clock): Promise<Notifications> {
    const notifications = new Notifications(app, clock);
    await notifications.#setChannels();
    return notifications;
  }

  /** Starts the periodic evaluation. */
  watchTime(): void {
    this.#evaluating = this.#evaluatePeriodically();
  }

  /** To be called after a reload. */
  follow(): void {
    if (isDeepStrictEqual(this.#app.config.notifications, this.#config)) return;
    this.#config = this.#app.config.notifications;
    this.#following = this.#following
      .then(() => this.#setChannels())
      .catch((thrown) => this.#app.events.emit("notify:store-failed", { error: toConnectorError(thrown) }))
      .then(() => this.#watch.evaluateAll());
  }

  /** Waits until all messages are sent, or at most `ms`; resolves to the number still waiting in the store. */
  async flush(ms: number): Promise<number> {
    await this.#following;
    await this.#watch.idle();
    await this.#feed.flush();
    return this.#outbox.flush(ms);
  }

  /** Unsent messages stay in the store for the next process. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#stopping.abort();
    await Promise.all([this.#evaluating, this.#following, this.#watch.idle()]);
    await this.#feed.close();
    await this.#outbox.close();
  }

  #alertSettings() {
    const { enabled, rules, remindEveryMs, channels } = this.#config.alerts;
    return { rules: enabled ? rules : [], remindEveryMs, channelIds: channels.map(({ id }) => id) };
  }

  async #setChannels(): Promise<void> {
    const { alerts, privateAddresses } = this.#config;
    const wanted = allChannels({
      ...this.#config,
      alerts: { ...alerts, channels: alerts.enabled ? alerts.channels : [] },
    });
    const dependencies = { allowed: addressRanges(privateAddresses), clock: this.#clock };
    await this.#outbox.setChannels(
      await Promise.all(wanted.map((channel) => createChannel(channel, dependencies))),
    );
  }

  async #evaluatePeriodically(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#watch.evaluateAll();
      await this.#clock.sleep(evaluateEveryMs, this.#stopping.signal).catch(() => undefined);
    }
  }
}
