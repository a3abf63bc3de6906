/** The alert conditions. The names are those of `monitoring.alerts.alert_on`. */
export const alertRuleNames = [
  "consecutive_failures",
  "no_sync_for_hours",
  "dead_letters_over",
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
