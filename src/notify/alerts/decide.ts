import type { StoredAlert } from "../../state/notification-store.ts";
import type { AlertRule } from "./alert-rule.ts";
import { type Facts, subjectOf } from "./facts.ts";
import { judge, watches } from "./judge.ts";

/** Something to tell about an alert. */
export interface AlertChange {
  status: "firing" | "reminder" | "resolved";
  /** As it is to be stored. */
  alert: StoredAlert;
}

export interface Situation {
  rules: readonly AlertRule[];
  facts: readonly Facts[];
  /** What was known before. */
  stored: readonly StoredAlert[];
  /** How often a condition that lasts is told again; null for once. Milliseconds. */
  remindEveryMs: number | null;
  now: number;
}

/** What is to be told now: a condition when it begins and when it ends, and in between as often as reminders are wanted. Pure. */
export function decide({ rules, facts, stored, remindEveryMs, now }: Situation): AlertChange[] {
  const known = new Map(stored.map((alert) => [alert.id, alert]));
  return rules.flatMap((rule) =>
    facts
      .filter((each) => watches(rule, each))
      .flatMap((each) => {
        const before = known.get(alertId(rule, each));
        return changeOf(rule, each, { before, remindEveryMs, now }) ?? [];
      }),
  );
}

/** A server that nobody has asked for so long is no longer used. Milliseconds. */
const forgetServerAfterMs = 7 * 86_400_000;

/**
 * Alerts of conditions that are no longer watched: their rule, its number or their connector is gone. A server is unknown until somebody
 * asks it, so its alert stays for a while.
 */
export function forgotten({ rules, facts, stored, now }: Omit<Situation, "remindEveryMs">): string[] {
  const watched = new Set(
    rules.flatMap((rule) => facts.filter((each) => watches(rule, each)).map((each) => alertId(rule, each))),
  );
  const serversAreWatched = rules.some(({ name }) => name === "breaker_open");
  const mayReturn = ({ connectorId, lastToldAt }: StoredAlert) =>
    connectorId === null && serversAreWatched && now - lastToldAt < forgetServerAfterMs;
  return stored.filter((alert) => !watched.has(alert.id) && !mayReturn(alert)).map(({ id }) => id);
}

/** A rule with another number is another alert. */
function alertId({ name, limit }: AlertRule, facts: Facts): string {
  return `${name}:${limit}:${subjectOf(facts)}`;
}

function changeOf(
  rule: AlertRule,
  facts: Facts,
  {
    before,
    remindEveryMs,
    now,
  }: Pick<Situation, "remindEveryMs" | "now"> & { before: StoredAlert | undefined },
): AlertChange | null {
  const verdict = judge(rule, facts, now);
  if (verdict.state === "unknown") return null;
  const active = before !== undefined && before.resolvedAt === null ? before : null;
  if (verdict.state === "fine")
    return active && { status: "resolved", alert: { ...active, resolvedAt: now } };
  const { title, text } = verdict;
  if (active === null) {
    const connectorId = facts.kind === "connector" ? facts.connectorId : null;
    const begun = { since: now, lastToldAt: now, resolvedAt: null, version: before?.version ?? 0 };
    return {
      status: "firing",
      alert: { id: alertId(rule, facts), rule: rule.name, connectorId, title, text, ...begun },
    };
  }
  if (remindEveryMs === null || now - active.lastToldAt < remindEveryMs) return null;
  return { status: "reminder", alert: { ...active, title, text, lastToldAt: now } };
}
