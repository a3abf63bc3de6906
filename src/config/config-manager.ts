import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import { toConnectorError } from "../kernel/errors/connector-error.ts";
import { type ConfigChanges, changesBetween } from "./changes.ts";
import type { Config } from "./config.ts";
import { type ConfigSource, type ReadConfig, readConfig } from "./read-config.ts";
import type { Surroundings } from "./read-connector.ts";
import type { Finding } from "./report/finding.ts";
import type { SettingInForce } from "./settings-in-force.ts";

export type ReloadOutcome = { ok: true; changes: ConfigChanges } | { ok: false; error: ConnectorError };

/** Holds the current configuration and reloads it on request. */
export class ConfigManager {
  readonly #origin: ConfigSource;
  readonly #started: Config;
  #current: ReadConfig;

  private constructor(origin: ConfigSource, current: ReadConfig) {
    this.#origin = origin;
    this.#started = current.config;
    this.#current = current;
  }

  /** Throws the errors of `readConfig`. */
  static load(origin: ConfigSource): ConfigManager {
    return new ConfigManager(origin, readConfig(origin));
  }

  get config(): Config {
    return this.#current.config;
  }

  get warnings(): readonly Finding[] {
    return this.#current.warnings;
  }

  /** The configuration file, absolute; null when there is none. */
  get source(): string | null {
    return this.#current.source;
  }

  /** What connectors outside the file inherit from it. */
  get surroundings(): Surroundings {
    return this.#current.surroundings;
  }

  /** Every setting that has a value, with its origin; secrets masked. */
  settings(): readonly SettingInForce[] {
    return this.#current.settings();
  }

  /** The files to watch; some may not exist. */
  get files(): readonly string[] {
    return this.#current.files;
  }

  /** Replaces the configuration by a valid one; an invalid one changes nothing. */
  reload(): ReloadOutcome {
    try {
      const next = readConfig(this.#origin);
      const changes = changesBetween(this.#current.config, next.config, this.#started);
      this.#current = next;
      return { ok: true, changes };
    } catch (thrown) {
      return { ok: false, error: toConnectorError(thrown) };
    }
  }
}
