import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { count, duration, httpUrl, text } from "../../kernel/settings/types.ts";
import { channelSettings, toChannelConfig } from "../settings.ts";
import type { AlertRule, AlertRuleName } from "./alert-rule.ts";

const longestMs = 24 * 86_400_000;

const rules = {
  consecutive_failures: count({ max: 1000 }).optional().register(metadata, {
    description: "Alert after this many failed runs of a connector in a row.",
    example: 3,
  }),
  no_sync_for_hours: z.number().positive().max(100_000).optional().register(metadata, {
    description:
      "Alert when no run of a connector has come to its end (`success` or `partial`) for this many hours.",
    example: 24,
  }),
  dead_letters_over: count({ min: 0 }).optional().register(metadata, {
    description: "Alert when a connector has more dead letters than this.",
    example: 0,
  }),
  media_waiting_over: count({ min: 0 }).optional().register(metadata, {
    description:
      "Alert when more memories than this were held back by a run because their audio or picture could not be read.",
    example: 10,
  }),
  stale: duration({ maxMs: longestMs }).optional().register(metadata, {
    description: "Alert when memories have waited for so long and none of the connector's has moved on.",
    example: "6h",
  }),
  truncated: z.boolean().optional().register(metadata, {
    description: "Alert when the source does not show all memories of a connector.",
    example: true,
  }),
  breaker_open: z.boolean().optional().register(metadata, {
    description: "Alert when a server failed so often that it is left alone for a while.",
    example: true,
  }),
  budget_spent: z.boolean().optional().register(metadata, {
    description: "Alert when a connector's budget for the day is used up and memories wait.",
    example: true,
  }),
  resend_ratio: z.number().min(0).max(100).optional().register(metadata, {
    description:
      "Alert when a brake held a run that was about to send or delete more than this percentage of what the ledger holds; 0 for every such run.",
    example: 0,
  }),
};

const alertRule = z.strictObject({
  ...rules,
  connectors: z
    .array(text())
    .min(1)
    .optional()
    .register(metadata, {
      description: "Ids of the only connectors that this rule watches. Left out: all that are enabled.",
      example: ["personal-memories"],
    }),
});

export function hasOneRule(value: unknown): RuleProblem[] {
  const given = isMap(value) ? Object.keys(value).filter((key) => key !== "connectors").length : 1;
  return given === 1
    ? []
    : [{ path: [], reason: `must have one rule, has ${given}`, hint: "write one rule per list item" }];
}

export const alertSettings = z.strictObject({
  enabled: z.boolean().prefault(false).register(metadata, { description: "Send alerts." }),
  webhook_url: httpUrl().optional().register(metadata, {
    description: "Where alerts are posted: short for a channel of type `webhook` with the id `default`.",
    example: `\${ALERT_WEBHOOK_URL}`,
    secret: true,
    env: "ALERT_WEBHOOK_URL",
  }),
  alert_on: z
    .array(alertRule)
    .max(100)
    .prefault([])
    .register(metadata, {
      description: "The rules, one per list item; each may have `connectors` beside it.",
      example: [{ consecutive_failures: 3 }, { no_sync_for_hours: 24 }],
    }),
  remind_every: duration({ minMs: 60_000 }).optional().register(metadata, {
    description: "How often a condition that lasts is told again. Left out: once when it begins.",
    example: "24h",
  }),
  channels: z.array(channelSettings).max(50).optional().register(metadata, {
    description: "Who is told. Every channel gets every alert.",
  }),
});

type AlertSettings = z.output<typeof alertSettings>;

/** Id of the channel that `webhook_url` alone defines. */
export const defaultChannelId = "default";

export function toAlertConfig(settings: AlertSettings) {
  const { webhook_url: webhookUrl, channels = [] } = settings;
  const short =
    webhookUrl === undefined
      ? []
      : [{ id: defaultChannelId, type: "webhook" as const, webhookUrl, signingSecret: null }];
  return {
    enabled: settings.enabled,
    rules: settings.alert_on.flatMap(toAlertRules),
    remindEveryMs: settings.remind_every ?? null,
    channels: [...short, ...channels.flatMap(toChannelConfig)],
  };
}

function toAlertRules(settings: AlertSettings["alert_on"][number]): AlertRule[] {
  const { connectors = null, no_sync_for_hours: hours, ...given } = settings;
  const limits = { ...given, no_sync_for_hours: hours && Math.round(hours * 3_600_000) };
  return Object.entries(limits).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return [{ name: name as AlertRuleName, limit: value === true ? 0 : value, connectors }];
  });
}
