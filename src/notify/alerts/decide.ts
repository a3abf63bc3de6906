import type { StoredAlert } from "../../state/notification-store.ts";
import type { AlertRule } from "./alert-rule.ts";
import { evaluate, watches } from "./evaluate.ts";
import { type Signals, subjectOf } from "./signals.ts";

/** A change of an alert that is sent. */
export interface AlertChange {
  status: "firing" | "reminder" | "resolved";
  /** The alert to store. */
  alert: StoredAlert;
}

/** A change of an alert; a quiet one is stored and not sent: a flapping condition pauses or goes on. */
export type AlertStep = AlertChange | { status: "quiet"; alert: StoredAlert };

export interface Situation {
  rules: readonly AlertRule[];
  signals: readonly Signals[];
  /** The stored alerts. */
  stored: readonly StoredAlert[];
  /** The reminder interval of a lasting condition; null for no reminders. Milliseconds. */
  remindEveryMs: number | null;
  now: number;
}

/** A condition that has begun so often within a day flaps. */
const flapsAfter = 2;
const dayMs = 86_400_000;
/** The end of a condition that flaps is told when it has not held for so long: no message for each flap. Milliseconds. */
const settledAfterMs = 3_600_000;

/** The alert changes now: when a condition begins, when it ends, and reminders in between. Pure. */
export function decide({ rules, signals, stored, remindEveryMs, now }: Situation): AlertStep[] {
  const known = new Map(stored.map((alert) => [alert.id, alert]));
  return rules.flatMap((rule) =>
    signals
      .filter((each) => watches(rule, each))
      .flatMap((each) => {
        const before = known.get(alertId(rule, each));
        return changeOf(rule, each, { before, remindEveryMs, now }) ?? [];
      }),
  );
}

/** A server without requests for this long is no longer used. Milliseconds. */
const forgetServerAfterMs = 7 * 86_400_000;

/**
 * Alerts of conditions that are no longer watched: their rule, its threshold or their connector is gone. A server is unknown until
 * its first request, so its alert is kept for a while.
 */
export function forgotten({ rules, signals, stored, now }: Omit<Situation, "remindEveryMs">): string[] {
  const watched = new Set(
    rules.flatMap((rule) => signals.filter((each) => watches(rule, each)).map((each) => alertId(rule, each))),
  );
  const serversAreWatched = rules.some(({ name }) => name === "breaker_open");
  const mayReturn = ({ connectorId, lastToldAt }: StoredAlert) =>
    connectorId === null && serversAreWatched && now - lastToldAt < forgetServerAfterMs;
  return stored.filter((alert) => !watched.has(alert.id) && !mayReturn(alert)).map(({ id }) => id);
}

/** A rule with another threshold is another alert. */
function alertId({ name, limit }: AlertRule, signals: Signals): string {
  return `${name}:${limit}:${subjectOf(signals)}`;
}

function changeOf(
  rule: AlertRule,
  signals: Signals,
  {
    before,
    remindEveryMs,
    now,
  }: Pick<Situation, "remindEveryMs" | "now"> & { before: StoredAlert | undefined },
): AlertStep | null {
  const evaluation = evaluate(rule, signals, now);
  if (evaluation.state === "unknown") return null;
  const active = before !== undefined && before.resolvedAt === null ? before : null;
  if (evaluation.state === "fine") return active && ended(active, now);
  const { title, text } = evaluation;
  if (active === null) {
    const connectorId = signals.kind === "connector" ? signals.connectorId : null;
    const begun = [...(before?.begun ?? []).filter((at) => now - at < dayMs), now].slice(-flapsAfter);
    const times = { since: now, lastToldAt: now, resolvedAt: null, begun, fineSince: null };
    const version = before?.version ?? 0;
    return {
      status: "firing",
      alert: { id: alertId(rule, signals), rule: rule.name, connectorId, title, text, ...times, version },
    };
  }
  if (active.fineSince != null) return { status: "quiet", alert: { ...active, fineSince: null } };
  if (remindEveryMs === null || now - active.lastToldAt < remindEveryMs) return null;
  return { status: "reminder", alert: { ...active, title, text, lastToldAt: now } };
}

/** The end of an alert: at once, or, where it flaps, when its condition has not held for a while. */
function ended(active: StoredAlert, now: number): AlertStep | null {
  const { begun = [], fineSince = null } = active;
  const flaps = begun.filter((at) => now - at < dayMs).length >= flapsAfter;
  if (!flaps) return { status: "resolved", alert: { ...active, fineSince: null, resolvedAt: now } };
  if (fineSince === null) return { status: "quiet", alert: { ...active, fineSince: now } };
  if (now - fineSince < settledAfterMs) return null;
  return { status: "resolved", alert: { ...active, fineSince: null, resolvedAt: fineSince } };
}
