import { type Logger, pino } from "pino";
import { expect, test } from "vitest";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { AlertEvents, NotifyEvents } from "../notify/events.ts";
import { Metrics } from "./metrics.ts";
import { countNotifications, logNotifications } from "./notification-observers.ts";

type Events = NotifyEvents & AlertEvents;

const error = new ConnectorError("CHANNEL_UNREACHABLE", "down");
const message = { channelId: "ops", deliveryId: "msg_1" };
const alert = {
  id: "truncated:0:notes",
  version: 1,
  rule: "truncated",
  connectorId: "notes",
  title: "t",
  text: "",
  since: 0,
  lastToldAt: 0,
  resolvedAt: null,
};
/** One event of every kind. */
const all: Events = {
  "alert:change": { status: "firing", alert },
  "alert:judge-failed": { error },
  "notify:sent": { ...message, attempts: 2 },
  "notify:failed": { ...message, attempts: 1, final: false, error },
  "notify:dropped": { channelId: "ops", count: 7 },
  "notify:store-failed": { error },
};

function emitAll(events: EventBus<Events>): void {
  for (const name of Object.keys(all) as (keyof Events)[]) events.emit(name, all[name]);
}

test("every event leaves a line that names its alert or its channel", () => {
  const lines: string[] = [];
  const log: Logger = pino({ level: "debug", base: null }, { write: (line) => void lines.push(line) });
  const events = new EventBus<Events>();
  logNotifications(events, log);
  emitAll(events);
  events.emit("notify:failed", { ...message, attempts: 9, final: true, error });
  const parsed = lines.map((line) => JSON.parse(line));
  expect(parsed.map(({ level, msg, alert, channel }) => [level, msg, alert ?? channel])).toEqual([
    [40, "alert", "truncated:0:notes"],
    [50, "alert rules could not be judged", undefined],
    [20, "message sent", "ops"],
    [40, "message could not be sent; it is sent again", "ops"],
    [40, "events dropped: too many messages wait", "ops"],
    [50, "messages cannot be kept or read", undefined],
    [50, "message given up", "ops"],
  ]);
});

test("alerts, attempts and dropped events are counted", async () => {
  const events = new EventBus<Events>();
  const metrics = new Metrics();
  countNotifications(events, metrics);
  emitAll(events);
  events.emit("notify:failed", { ...message, attempts: 9, final: true, error });
  const text = await metrics.scrape();
  for (const line of [
    'memory_connector_alerts_total{rule="truncated",status="firing"} 1',
    'memory_connector_notifications_total{channel="ops",outcome="sent"} 1',
    'memory_connector_notifications_total{channel="ops",outcome="failed"} 1',
    'memory_connector_notifications_total{channel="ops",outcome="given_up"} 1',
    'memory_connector_webhook_events_dropped_total{channel="ops"} 7',
  ]) {
    expect(text).toContain(line);
  }
});
