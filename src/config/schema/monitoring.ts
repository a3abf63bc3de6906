import * as z from "zod";
import { facts } from "../../kernel/settings/facts.ts";
import { isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { addressRange, port } from "../../kernel/settings/types.ts";
import { alertSettings, defaultChannelId, toAlertConfig } from "./alerts.ts";
import { toWebhookConfig, webhookSettings } from "./webhooks.ts";

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

export const monitoringSettings = z.strictObject({
  prometheus: prometheus.prefault({}).register(facts, { description: "Metrics for Prometheus." }),
  health_check: healthCheck
    .prefault({})
    .register(facts, { description: "Health for load balancers and supervisors." }),
  alerts: alertSettings
    .prefault({})
    .register(facts, { description: "Messages when something needs a person." }),
  webhooks: z
    .array(webhookSettings)
    .max(50)
    .optional()
    .register(facts, { description: "Programs that are told what happens, as it happens." }),
  private_addresses: z
    .array(addressRange())
    .prefault([])
    .register(facts, {
      description:
        "Addresses and ranges beside the public ones that alerts and webhooks may be posted to: loopback, the own network. Mail servers may be anywhere.",
      example: ["127.0.0.1", "10.1.0.0/16"],
    }),
});

export type MonitoringSettings = z.output<typeof monitoringSettings>;

export function toMonitoringConfig({ prometheus, health_check: healthCheck }: MonitoringSettings) {
  return {
    prometheus: { enabled: prometheus.enabled, port: prometheus.port, path: prometheus.path },
    healthCheck: { enabled: healthCheck.enabled, endpoint: healthCheck.endpoint },
  };
}

/** A block of its own, because a running service takes its changes over. */
export function toNotificationConfig({ alerts, webhooks = [], private_addresses }: MonitoringSettings) {
  return {
    alerts: toAlertConfig(alerts),
    webhooks: webhooks.map(toWebhookConfig),
    privateAddresses: private_addresses,
  };
}

/** Every channel and webhook has a name of its own. */
export function channelNamesDiffer(monitoring: unknown): RuleProblem[] {
  if (!isMap(monitoring)) return [];
  const alerts = isMap(monitoring.alerts) ? monitoring.alerts : {};
  const taken = new Set<unknown>(alerts.webhook_url === undefined ? [] : [defaultChannelId]);
  const places = [
    ...idsIn(alerts.channels, ["alerts", "channels"]),
    ...idsIn(monitoring.webhooks, ["webhooks"]),
  ];
  return places.flatMap(({ id, path }) => {
    if (!taken.has(id)) {
      taken.add(id);
      return [];
    }
    const reason = `${JSON.stringify(id)} is also the id of another channel or webhook`;
    return [{ path, reason, hint: "give every one an id of its own" }];
  });
}

function idsIn(list: unknown, above: readonly string[]) {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.flatMap((item, index) =>
    isMap(item) && item.id !== undefined ? [{ id: item.id, path: [...above, index, "id"] }] : [],
  );
}
