import { resolve } from "node:path";
import * as z from "zod";
import { type Live, metadata } from "../kernel/settings/metadata.ts";
import { count, logLevel, path, port } from "../kernel/settings/types.ts";
import { type otelSettings, toOtelConfig } from "./otel/settings.ts";

const levelNames = "DEBUG, INFO, WARNING, ERROR or CRITICAL, in any case";

const file = z.strictObject({
  enabled: z.boolean().prefault(true).register(metadata, { description: "Write the file." }),
  path: path().prefault("./memory_connector.log").register(metadata, { description: "Where it is." }),
  max_bytes: count({ min: 1024 })
    .prefault(10_485_760)
    .register(metadata, { description: "Size at which a new file is begun, with rotation `size`." }),
  backup_count: count({ min: 0, max: 1000 })
    .prefault(5)
    .register(metadata, { description: "Old files that are kept." }),
  rotation: z
    .enum(["size", "time"])
    .prefault("size")
    .register(metadata, { description: "Begin a new file by size, or every midnight." }),
});

const console = z.strictObject({
  enabled: z.boolean().optional().register(metadata, {
    description:
      "Write logs to standard error. Commands that end show their progress there otherwise, and log to the file alone.",
    example: true,
    defaultText: "`true` in `serve`, `false` in every other command",
  }),
  colorize: z.boolean().prefault(true).register(metadata, {
    description:
      "Use colours on a terminal. The variables FORCE_COLOR, NO_COLOR and TERM=dumb decide where they are set; files and pipes get none.",
  }),
});

const componentLevel = (component: string) =>
  logLevel()
    .optional()
    .register(metadata, {
      description: `Level of ${component}.`,
      example: "DEBUG",
      defaultText: "`logging.level`",
    });

const components = z.strictObject({
  scheduler: componentLevel("the scheduler"),
  api_client: componentLevel("the clients of sources and of LightRAG"),
  orchestrator: componentLevel("the runs"),
  state_manager: componentLevel("the state"),
});

export const loggingSettings = z.strictObject({
  level: logLevel()
    .prefault("INFO")
    .register(metadata, { description: `Least level that is logged: ${levelNames}.`, env: "LOG_LEVEL" }),
  format: z.enum(["json", "text"]).optional().register(metadata, {
    description: "One JSON object a line for machines, or text for people.",
    example: "json",
    defaultText: "`text` for a terminal, else `json`",
    env: "LOG_FORMAT",
  }),
  file: file.optional().register(metadata, {
    description: "A log file. A path alone is enough: `file: ./memory_connector.log`.",
    shorthand: "path",
  }),
  console: console.prefault({}).register(metadata, { description: "Logs on the terminal." }),
  components: components.prefault({}).register(metadata, { description: "Levels of single parts." }),
});

export function toLoggingConfig(settings: z.output<typeof loggingSettings>, folder: string) {
  const { components } = settings;
  return {
    level: settings.level,
    format: settings.format ?? null,
    file: settings.file?.enabled ? toLogFileConfig(settings.file, folder) : null,
    console: { enabled: settings.console.enabled ?? null, colorize: settings.console.colorize },
    components: {
      scheduler: components.scheduler ?? settings.level,
      apiClient: components.api_client ?? settings.level,
      orchestrator: components.orchestrator ?? settings.level,
      stateManager: components.state_manager ?? settings.level,
    },
  };
}

function toLogFileConfig(settings: z.output<typeof file>, folder: string) {
  return {
    path: resolve(folder, settings.path),
    maxBytes: settings.max_bytes,
    backupCount: settings.backup_count,
    rotation: settings.rotation,
  };
}

export const loggingIsLive: Live<ReturnType<typeof toLoggingConfig>> = {
  level: true,
  components: true,
  format: false,
  file: false,
  console: false,
};

const urlPath = () =>
  z
    .string()
    .regex(/^\/[\w./-]*$/, { error: "must be a path such as /metrics" })
    .meta({ title: "URL path" });

export const prometheusSettings = z.strictObject({
  enabled: z
    .boolean()
    .prefault(false)
    .register(metadata, { description: "Offer metrics on a port of their own." }),
  port: port().prefault(9623).register(metadata, { description: "That port." }),
  path: urlPath().prefault("/metrics").register(metadata, { description: "Path of the metrics." }),
});

export const healthCheckSettings = z.strictObject({
  enabled: z.boolean().prefault(true).register(metadata, { description: "Answer health checks." }),
  endpoint: urlPath().prefault("/health").register(metadata, { description: "Path of the health check." }),
});

interface MonitoringSettings {
  prometheus: z.output<typeof prometheusSettings>;
  health_check: z.output<typeof healthCheckSettings>;
  otel?: z.output<typeof otelSettings> | undefined;
}

/** The parts of the block `monitoring` that are read from outside or sent to a collector. `folder` resolves relative paths. */
export function toMonitoringConfig(settings: MonitoringSettings, folder: string) {
  const { prometheus, health_check: healthCheck, otel } = settings;
  return {
    prometheus: { enabled: prometheus.enabled, port: prometheus.port, path: prometheus.path },
    healthCheck: { enabled: healthCheck.enabled, endpoint: healthCheck.endpoint },
    otel: toOtelConfig(otel, folder),
  };
}

export const monitoringIsLive: Live<ReturnType<typeof toMonitoringConfig>> = {
  prometheus: false,
  healthCheck: false,
  otel: false,
};
