import * as z from "zod";
import { alertRuleNames, meaningOf } from "../../notify/alerts/alert-rule.ts";
import type { StoredAlert } from "../../state/notification-store.ts";
import { stateOperation } from "../operation.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import { channelSchema, channelsJson } from "./channels-json.ts";

/** An alert as `--json` and the API show it. */
export const alertSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  connectorId: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  since: instantSchema,
  lastToldAt: instantSchema,
  resolvedAt: instantSchema.nullable().describe("null while the condition lasts"),
});

const ruleSchema = z.strictObject({
  rule: z.enum(alertRuleNames),
  meaning: z.string().describe("an alert is raised while this holds"),
  connectors: z.array(z.string()).nullable().describe("only these are watched; null: all that are enabled"),
});

export function alertJson(alert: StoredAlert): z.infer<typeof alertSchema> {
  const { id, rule, connectorId, title, text, since, lastToldAt, resolvedAt } = alert;
  return {
    id,
    rule,
    connectorId,
    title,
    text,
    since: isoInstant(since),
    lastToldAt: isoInstant(lastToldAt),
    resolvedAt: resolvedAt === null ? null : isoInstant(resolvedAt),
  };
}

export const listAlerts = stateOperation({
  name: "alert.list",
  tag: "Service",
  summary: "List alerts: conditions that last, and the last time of each that is over",
  details: "Oldest first, with the channels and webhooks that tell them and what waits for each.",
  access: "viewer",
  input: z.strictObject({
    state: z.enum(["firing", "resolved"]).optional().describe("only these; left out: all"),
  }),
  output: z.strictObject({
    enabled: z.boolean().describe("alerts are looked for"),
    alerts: z.array(alertSchema),
    rules: z.array(ruleSchema).describe("what is watched, where alerts are looked for"),
    channels: z.array(channelSchema),
  }),
  errors: [],
  run: async ({ services }, { state: wanted }) => {
    const { state, config } = services;
    const alerts = (await state.notifications.listAlerts()).filter(
      ({ resolvedAt }) => wanted === undefined || (wanted === "firing") === (resolvedAt === null),
    );
    return {
      enabled: config.notifications.alerts.enabled,
      alerts: alerts.toSorted((a, b) => a.since - b.since).map(alertJson),
      rules: config.notifications.alerts.rules.map((rule) => ({
        rule: rule.name,
        meaning: meaningOf(rule),
        connectors: rule.connectors === null ? null : [...rule.connectors],
      })),
      channels: await channelsJson(services),
    };
  },
});
