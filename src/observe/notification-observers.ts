import type { Listenable } from "../kernel/util/event-bus.ts";
import type { AlertEvents, NotifyEvents } from "../notify/events.ts";
import type { Logger } from "./logs.ts";
import type { Metrics } from "./metrics.ts";

type Events = Listenable<NotifyEvents & AlertEvents>;

/** Logs alerts and the delivery of their messages. */
export function logNotifications(events: Events, log: Logger): void {
  events.on("alert:change", ({ status, alert }) => {
    const { id, rule, connectorId, title } = alert;
    const fields = { alert: id, rule, connector_id: connectorId, status, title };
    if (status === "resolved") log.info(fields, "alert resolved");
    else log.warn(fields, "alert");
  });
  events.on("alert:judge-failed", ({ error }) =>
    log.error({ code: error.code, error: error.message }, "alert rules could not be judged"),
  );
  events.on("notify:sent", ({ channelId, deliveryId, attempts }) =>
    log.debug({ channel: channelId, message_id: deliveryId, attempts }, "message sent"),
  );
  events.on("notify:failed", ({ channelId, deliveryId, attempts, final, error }) => {
    const { code, message, hint } = error;
    const fields = { channel: channelId, message_id: deliveryId, attempts, code, error: message, hint };
    if (final) log.error(fields, "message given up");
    else log.warn(fields, "message could not be sent; it is sent again");
  });
  events.on("notify:dropped", ({ channelId, count }) =>
    log.warn({ channel: channelId, count }, "events dropped: too many messages wait"),
  );
  events.on("notify:store-failed", ({ error }) =>
    log.error({ code: error.code, error: error.message }, "messages cannot be kept or read"),
  );
}

/** Counts alerts and the delivery of their messages. */
export function countNotifications(events: Events, { alerts, notifications, eventsDropped }: Metrics): void {
  events.on("alert:change", ({ status, alert }) => alerts.inc({ rule: alert.rule, status }));
  events.on("notify:sent", ({ channelId }) => notifications.inc({ channel: channelId, outcome: "sent" }));
  events.on("notify:failed", ({ channelId, final }) =>
    notifications.inc({ channel: channelId, outcome: final ? "given_up" : "failed" }),
  );
  events.on("notify:dropped", ({ channelId, count }) => eventsDropped.inc({ channel: channelId }, count));
}
