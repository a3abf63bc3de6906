import * as z from "zod";
import { facts } from "./facts.ts";
import { isMap, type RuleProblem } from "./rules.ts";
import { count, httpUrl, port } from "./types.ts";

const urlPath = () =>
  z
    .string()
    .regex(/^\/[\w./-]*$/, { error: "must be a path such as /metrics" })
    .meta({ title: "URL path" });

const prometheus = z.strictObject({
  enabled: z
    .boolean()
    .prefault(false)
    .register(facts, { description: "Offer metrics on a port of their own." }),
  port: port().prefault(9623).register(facts, { description: "That port." }),
  path: urlPath().prefault("/metrics").register(facts, { description: "Path of the metrics." }),
});

const healthCheck = z.strictObject({
  enabled: z.boolean().prefault(true).register(facts, { description: "Answer health checks." }),
  endpoint: urlPath().prefault("/health").register(facts, { description: "Path of the health check." }),
});

const alertRule = z.strictObject({
  consecutive_failures: count().optional().register(facts, {
    description: "Alert after this many failed runs of a connector in a row.",
    example: 3,
  }),
  no_sync_for_hours: z.number().positive().optional().register(facts, {
    description: "Alert when a connector has had no successful run for this many hours.",
    example: 24,
  }),
});

export function hasOneRule(value: unknown): RuleProblem[] {
  const given = isMap(value) ? Object.keys(value).length : 1;
  return given === 1
    ? []
    : [{ path: [], reason: `must have one rule, has ${given}`, hint: "write one rule per list item" }];
}

const alerts = z.strictObject({
  enabled: z.boolean().prefault(false).register(facts, { description: "Send alerts." }),
  webhook_url: httpUrl().optional().register(facts, {
    description: "Where alerts are posted.",
    example: `\${ALERT_WEBHOOK_URL}`,
    secret: true,
    env: "ALERT_WEBHOOK_URL",
  }),
  alert_on: z
    .array(alertRule)
    .prefault([])
    .register(facts, {
      description: "The rules, one per list item: `consecutive_failures` or `no_sync_for_hours`.",
      example: [{ consecutive_failures: 3 }, { no_sync_for_hours: 24 }],
    }),
});

export const monitoringSettings = z.strictObject({
  prometheus: prometheus.prefault({}).register(facts, { description: "Metrics for Prometheus." }),
  health_check: healthCheck
    .prefault({})
    .register(facts, { description: "Health for load balancers and supervisors." }),
  alerts: alerts.prefault({}).register(facts, { description: "Messages when something needs a person." }),
});

export type MonitoringSettings = z.output<typeof monitoringSettings>;

export function toMonitoringConfig(settings: MonitoringSettings) {
  const { prometheus, health_check: healthCheck, alerts } = settings;
  return {
    prometheus: { enabled: prometheus.enabled, port: prometheus.port, path: prometheus.path },
    healthCheck: { enabled: healthCheck.enabled, endpoint: healthCheck.endpoint },
    alerts: {
      enabled: alerts.enabled,
      webhookUrl: alerts.webhook_url ?? null,
      rules: alerts.alert_on.flatMap(toAlertRules),
    },
  };
}

function toAlertRules(settings: MonitoringSettings["alerts"]["alert_on"][number]) {
  const { consecutive_failures: failures, no_sync_for_hours: hours } = settings;
  return [
    ...(failures === undefined ? [] : [{ kind: "consecutive_failures" as const, failures }]),
    ...(hours === undefined ? [] : [{ kind: "no_sync" as const, forMs: Math.round(hours * 3_600_000) }]),
  ];
}
