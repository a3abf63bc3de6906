import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { addressRange } from "../../kernel/settings/types.ts";
import { alertSettings, defaultChannelId, toAlertConfig } from "../../notify/alerts/settings.ts";
import { toWebhookConfig, webhookSettings } from "../../notify/webhooks/settings.ts";
import { otelSettings } from "../../observe/otel/settings.ts";
import { healthCheckSettings, prometheusSettings } from "../../observe/settings.ts";

export const monitoringSettings = z.strictObject({
  prometheus: prometheusSettings.prefault({}).register(metadata, { description: "Metrics for Prometheus." }),
  health_check: healthCheckSettings
    .prefault({})
    .register(metadata, { description: "Health for load balancers and supervisors." }),
  otel: otelSettings.optional().register(metadata, {
    description:
      "Traces and metrics for a collector of OpenTelemetry. Left out, nothing is sent; an address alone is enough: `otel: http://localhost:4318`. The variables of these settings count only where the block is there.",
    shorthand: "endpoint",
  }),
  alerts: alertSettings
    .prefault({})
    .register(metadata, { description: "Messages when something needs a person." }),
  webhooks: z
    .array(webhookSettings)
    .max(50)
    .optional()
    .register(metadata, { description: "Programs that are told what happens, as it happens." }),
  private_addresses: z
    .array(addressRange())
    .prefault([])
    .register(metadata, {
      description:
        "Addresses and ranges beside the public ones that alerts and webhooks may be posted to: loopback, the own network. Mail servers may be anywhere.",
      example: ["127.0.0.1", "10.1.0.0/16"],
    }),
});

export type MonitoringSettings = z.output<typeof monitoringSettings>;

/** A block of its own, because its changes take effect on reload. */
export function toNotificationConfig({ alerts, webhooks = [], private_addresses }: MonitoringSettings) {
  return {
    alerts: toAlertConfig(alerts),
    webhooks: webhooks.map(toWebhookConfig),
    privateAddresses: private_addresses,
  };
}

/** Channel and webhook ids are unique. */
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
