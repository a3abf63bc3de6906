import { toMediaConfig } from "../documents/media/settings.ts";
import { toGeocoderConfig } from "../documents/places/settings.ts";
import { toApiConfig } from "../kernel/inbound/settings.ts";
import type { Path } from "../kernel/settings/path.ts";
import { toLoggingConfig, toMonitoringConfig } from "../observe/settings.ts";
import { toLightRagConfig } from "../sinks/lightrag/settings.ts";
import { toStateConfig } from "../state/settings.ts";
import { type Origins, originText } from "./input/origin.ts";
import { toAdvancedConfig } from "./schema/advanced.ts";
import { type ConnectorSettings, toConnectorConfig } from "./schema/connectors.ts";
import { toNotificationConfig } from "./schema/monitoring.ts";
import type { Settings } from "./schema/settings.ts";
import { withoutForeignSecrets } from "./secret-origins.ts";

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/**
 * The effective configuration: every default filled in, every connector with the source and the sink that it uses, paths
 * absolute, durations in milliseconds. `null` is a setting that is not set. Frozen.
 */
export type Config = Immutable<ReturnType<typeof buildConfig>>;

export type ConnectorConfig = Config["connectors"][number];
export type ScheduleConfig = ConnectorConfig["schedule"];
export type SourceConfig = ConnectorConfig["source"];
export type LightRagConfig = Config["lightrag"];
export type LightRagApiConfig = Extract<LightRagConfig, { mode: "api" }>["api"];
export type DirectConfig = Extract<LightRagConfig, { mode: "direct" }>["direct"];
export type StateConfig = Config["state"];
export type ApiConfig = Config["api"];
export type LoggingConfig = Config["logging"];
export type MonitoringConfig = Config["monitoring"];
export type NotificationConfig = Config["notifications"];
export type AlertConfig = NotificationConfig["alerts"];
export type ChannelConfig = AlertConfig["channels"][number];

/**
 * `folder` resolves relative paths; `tree` is the configuration as written, because a default is not an address that a secret belongs to;
 * `origins` are those of its values.
 */
export function toConfig(
  settings: Settings,
  folder: string,
  tree: unknown = settings,
  origins: Origins = new Map(),
): Config {
  return freeze(buildConfig(settings, folder, tree, origins));
}

function buildConfig(settings: Settings, folder: string, tree: unknown, origins: Origins) {
  const advanced = toAdvancedConfig(settings.advanced);
  const keyOrigin = (...places: Path[]) => originText(origins, tree, places);
  const aroundOf = (connector: ConnectorSettings, index: number) => {
    const own = withoutForeignSecrets(settings, connector, tree);
    const { memory_api: memoryApi, lightrag } = own;
    const ofConnector = ["connectors", index] as const;
    const source = connector.source === undefined ? "memory_api" : "source";
    const keyOrigins = {
      source: keyOrigin(
        [...ofConnector, source, "api_key"],
        [...ofConnector, source, "token"],
        ["memory_api", "api_key"],
      ),
      lightrag: keyOrigin([...ofConnector, ...lightragKey], lightragKey),
    };
    return { memoryApi, lightrag, keyOrigins, jobTimeoutMs: advanced.jobTimeoutMs, folder };
  };
  return {
    connectors: settings.connectors.map((connector, index) =>
      toConnectorConfig(connector, aroundOf(connector, index)),
    ),
    /** For commands that query LightRAG without a connector. */
    lightrag: toLightRagConfig(settings.lightrag, folder, keyOrigin(lightragKey)),
    geocoder: toGeocoderConfig(settings.geocoder),
    media: toMediaConfig(settings.media),
    state: toStateConfig(settings.state, folder),
    api: toApiConfig(settings.api),
    logging: toLoggingConfig(settings.logging, folder),
    monitoring: toMonitoringConfig(settings.monitoring, folder),
    notifications: toNotificationConfig(settings.monitoring),
    advanced,
  };
}

const lightragKey = ["lightrag", "api", "api_key"] as const;

/** What scripts are shown: a Memory API also under the name of its short form, which was the only one once. */
export function shownConfig(config: Config) {
  const connectors = config.connectors.map((connector) =>
    connector.source.type === "memory_api" ? { ...connector, memoryApi: connector.source } : connector,
  );
  return { ...config, connectors };
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

/** Every configured channel, whether alerts are enabled or not. */
export function allChannels({ alerts, webhooks }: NotificationConfig): ChannelConfig[] {
  return [...alerts.channels, ...webhooks.map((webhook) => ({ type: "webhook" as const, ...webhook }))];
}

/** Whether any message would be sent. */
export function hasReceivers({ alerts, webhooks }: NotificationConfig): boolean {
  return (alerts.enabled && alerts.channels.length > 0) || webhooks.length > 0;
}
