import type { Writable } from "node:stream";
import type { LoggingConfig } from "../../config/config.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { logConnections, logRuns, logSchedules } from "../../observe/log-events.ts";
import type { LogSettings } from "../../observe/log-settings.ts";
import { Logs } from "../../observe/logs.ts";
import { logNotifications } from "../../observe/notification-observers.ts";
import { SecretMask } from "../../observe/secret-mask.ts";
import type { App } from "../app.ts";
import { secretsIn } from "../telemetry.ts";

export interface AppLogOptions {
  app: App;
  clock: Clock;
  /** Target of console logs. */
  console: Writable;
  /** Whether they may use colours. */
  colours: boolean;
  /** Whether the console is a terminal. */
  isTerminal?: boolean;
  /** Default of console logging where the configuration does not set it. */
  consoleByDefault: boolean;
}

/** The log of a process, without event sources yet. */
export function openLogs(
  logging: LoggingConfig,
  { clock, console, mask, ...how }: Omit<AppLogOptions, "app"> & { mask: SecretMask },
): Logs {
  return new Logs({ settings: logSettings(logging, how), console, clock, mask });
}

/** The log of a process: the events of its parts, secrets masked. */
export class AppLog {
  readonly logs: Logs;
  /** Of the secrets that are configured now. */
  readonly mask = new SecretMask();
  readonly #app: App;

  constructor({ app, ...how }: AppLogOptions) {
    this.#app = app;
    this.#maskSecrets();
    this.logs = openLogs(app.config.logging, { ...how, mask: this.mask });
    const { events } = app;
    logRuns(events, this.logs.of("orchestrator"));
    logSchedules(events, this.logs.of("scheduler"));
    logConnections(events, this.logs.of("apiClient"));
    logNotifications(events, this.logs.service);
  }

  /** To be called after a change of the configuration or of a connector. */
  follow(): void {
    this.#maskSecrets();
    this.logs.setLevels(this.#app.config.logging);
  }

  #maskSecrets(): void {
    this.mask.set(secretsIn(this.#app));
  }
}

function logSettings(
  logging: LoggingConfig,
  { consoleByDefault, colours, isTerminal = false }: Omit<AppLogOptions, "app" | "clock" | "console">,
): LogSettings {
  const { enabled, colorize } = logging.console;
  return {
    ...logging,
    format: logging.format ?? "json",
    console: {
      enabled: enabled ?? consoleByDefault,
      colorize: colorize && colours,
      format: logging.format ?? (isTerminal ? "text" : "json"),
    },
  };
}
