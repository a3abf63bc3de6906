import { isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import type { Message } from "../../state/message.ts";
import type { NotificationStore, StoredAlert } from "../../state/notification-store.ts";
import type { AlertEvents } from "../events.ts";
import { alertMessage } from "./alert-message.ts";
import type { AlertRule } from "./alert-rule.ts";
import { type AlertStep, decide, forgotten } from "./decide.ts";
import type { SignalReader, WatchedConnector } from "./signal-reader.ts";
import type { Signals } from "./signals.ts";

export interface AlertSettings {
  readonly rules: readonly AlertRule[];
  readonly remindEveryMs: number | null;
  /** Ids of the channels to notify. */
  readonly channelIds: readonly string[];
}

export interface AlertWatchOptions {
  store: Pick<NotificationStore, "listAlerts" | "removeAlerts">;
  signals: Pick<SignalReader, "connectors" | "servers">;
  /** The current settings: a reload changes them. */
  settings: () => AlertSettings;
  connectors: () => readonly WatchedConnector[];
  /** Stores messages and alerts atomically; see `Outbox.enqueue`. */
  enqueue(
    channelIds: readonly string[],
    messages: readonly Message[],
    alerts: readonly StoredAlert[],
  ): Promise<void>;
  clock: Clock;
  events: Emitter<AlertEvents>;
}

/**
 * Evaluates the rules and sends what changed. Alerts that were sent are in the state store, so that neither a restart nor another
 * process sends them again. One evaluation at a time.
 */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  #evaluating: Promise<void> = Promise.resolve();

  constructor(options: AlertWatchOptions) {
    this.#options = options;
  }

  /** Evaluates the rules of one connector and of the servers. Never rejects. */
  evaluateConnector(connectorId: string): Promise<void> {
    return this.#queue(async () => {
      const connector = this.#options.connectors().find(({ id }) => id === connectorId);
      await this.#evaluate(connector === undefined ? [] : [connector]);
    });
  }

  /** Evaluates the rules of the servers. Never rejects. */
  evaluateServers(): Promise<void> {
    return this.#queue(async () => {
      await this.#evaluate([]);
    });
  }

  /** Resolves when every requested evaluation is done. */
  idle(): Promise<void> {
    return this.#evaluating;
  }

  /** Evaluates all rules, and drops alerts that no rule watches any longer. Never rejects. */
  evaluateAll(): Promise<void> {
    return this.#queue(async () => {
      const { rules } = this.#options.settings();
      const signals = await this.#evaluate(this.#options.connectors());
      const stored = await this.#options.store.listAlerts();
      const gone = forgotten({ rules, signals, stored, now: this.#options.clock.now() });
      if (gone.length > 0) await this.#options.store.removeAlerts(gone);
    });
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#evaluating = this.#evaluating.then(work).catch((thrown) => {
      this.#options.events.emit("alert:judge-failed", { error: toConnectorError(thrown) });
    });
    return this.#evaluating;
  }

  async #evaluate(connectors: readonly WatchedConnector[]): Promise<Signals[]> {
    const { settings, clock, store } = this.#options;
    const { rules, remindEveryMs } = settings();
    if (rules.length === 0) return [];
    const reader = this.#options.signals;
    const signals = [...reader.servers(), ...(await reader.connectors(connectors, rules))];
    const stored = await store.listAlerts();
    for (const change of decide({ rules, signals, stored, remindEveryMs, now: clock.now() })) {
      await this.#send(change);
    }
    return signals;
  }

  async #send(step: AlertStep): Promise<void> {
    const { settings, enqueue, events } = this.#options;
    try {
      const messages = step.status === "quiet" ? [] : [alertMessage(step)];
      await enqueue(settings().channelIds, messages, [step.alert]);
    } catch (thrown) {
      // Another process detected the same change and has sent it.
      if (isConnectorError(thrown, "STATE_CONFLICT")) return;
      throw thrown;
    }
    if (step.status !== "quiet") events.emit("alert:change", step);
  }
}
