import { readableDuration, readableInstant } from "../../kernel/util/readable.ts";
import type { Message, NotificationEvent } from "../../state/message.ts";
import type { AlertChange } from "./decide.ts";

/** The message of an alert change, for people and programs. */
export function alertMessage(change: AlertChange): Message {
  const { status, alert } = change;
  const { title, text, since } = alert;
  const events = [alertEvent(change)];
  if (status === "resolved") {
    const lasted = `It lasted ${readableDuration((alert.resolvedAt ?? since) - since)}, since ${readableInstant(since)}.`;
    return { title: `Resolved: ${title}`, text: lasted, tone: "good", events, dropped: 0 };
  }
  const heading = status === "reminder" ? `Still: ${title}` : title;
  const begin = status === "reminder" ? `\nSince ${readableInstant(since)}.` : "";
  return { title: heading, text: `${text}${begin}`, tone: "bad", events, dropped: 0 };
}

/** The same as a webhook event. */
export function alertEvent({
  status,
  alert,
}: AlertChange): NotificationEvent & { type: "alert.firing" | "alert.resolved" } {
  const { id, rule, connectorId, title, text, since, lastToldAt, resolvedAt } = alert;
  return {
    type: status === "resolved" ? "alert.resolved" : "alert.firing",
    at: instant(resolvedAt ?? lastToldAt),
    connectorId,
    data: {
      alertId: id,
      rule,
      title,
      text,
      since: instant(since),
      resolvedAt: resolvedAt === null ? null : instant(resolvedAt),
      reminder: status === "reminder",
    },
  };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
