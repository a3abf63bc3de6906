import type { ChannelConfig, NotificationConfig } from "./config.ts";

/** Every channel that a configuration names, whether alerts are on or not. */
export function allChannels({ alerts, webhooks }: NotificationConfig): ChannelConfig[] {
  return [...alerts.channels, ...webhooks.map((webhook) => ({ type: "webhook" as const, ...webhook }))];
}

/** True when there is somebody to tell. */
export function tellsAnybody({ alerts, webhooks }: NotificationConfig): boolean {
  return (alerts.enabled && alerts.channels.length > 0) || webhooks.length > 0;
}
