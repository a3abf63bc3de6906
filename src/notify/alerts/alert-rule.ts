import { plural, readableDuration } from "../../kernel/util/readable.ts";

/** The alert conditions. The names are those of `monitoring.alerts.alert_on`. */
export const alertRuleNames = [
  "consecutive_failures",
  "no_sync_for_hours",
  "dead_letters_over",
  "media_waiting_over",
  "stale",
  "truncated",
  "breaker_open",
  "budget_spent",
  "resend_ratio",
] as const;
export type AlertRuleName = (typeof alertRuleNames)[number];

export interface AlertRule {
  name: AlertRuleName;
  /** The threshold: a count, milliseconds or a percentage; 0 where the rule has none. */
  limit: number;
  /** Ids; null for every connector. */
  connectors: readonly string[] | null;
}

const meanings: Readonly<Record<AlertRuleName, (limit: number) => string>> = {
  consecutive_failures: (limit) =>
    limit === 1 ? "the last run of a connector failed" : `the last ${limit} runs of a connector failed`,
  no_sync_for_hours: (limit) => `no run of a connector has come to its end for ${readableDuration(limit)}`,
  dead_letters_over: (limit) =>
    limit === 0
      ? "a connector has a dead letter"
      : `a connector has more than ${plural(limit, "dead letter")}`,
  media_waiting_over: (limit) =>
    limit === 0
      ? "a memory waits for its audio or picture"
      : `more than ${plural(limit, "memory waits", "memories wait")} for their audio or pictures`,
  stale: (limit) =>
    `memories have waited for ${readableDuration(limit)}, and none of the connector's has moved on`,
  truncated: () => "the source does not show all memories of a connector",
  breaker_open: () => "a server failed so often that it is left alone for a while",
  budget_spent: () => "a connector's budget for the day is used up, and memories wait",
  resend_ratio: (limit) =>
    limit === 0
      ? "a brake held a run"
      : `a brake held a run that was about to send or delete more than ${limit} % of what the ledger holds`,
};

/** When a rule raises its alert, for people: `the last 3 runs of a connector failed`. */
export function meaningOf({ name, limit }: Pick<AlertRule, "name" | "limit">): string {
  return meanings[name](limit);
}
