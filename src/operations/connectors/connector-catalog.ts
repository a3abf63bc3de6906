import { isDeepStrictEqual } from "node:util";
import type { Config, ConnectorConfig } from "../../config/config.ts";
import { getIn } from "../../config/input/tree.ts";
import { readConnector, refuse, type Surroundings } from "../../config/read-connector.ts";
import { nearest } from "../../config/report/nearest.ts";
import { movedSecrets, type SecretOrigins, secretOriginsOf } from "../../config/secret-origins.ts";
import { takenContexts } from "../../config/shared-contexts.ts";
import { ConnectorError, isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { withoutSecretWords } from "../../kernel/util/secret-look.ts";
import { mask } from "../../kernel/util/url.ts";
import type { StoredConnector } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { withKeptSecrets } from "./kept-secrets.ts";

/** The current configuration; its fields change on a reload. */
export interface CurrentConfig {
  readonly config: Config;
  readonly surroundings: Surroundings;
}

export interface CatalogEntry {
  config: ConnectorConfig;
  /** Null for a connector of the configuration file, which can only be changed there. */
  stored: StoredConnector | null;
}

/** The version or versions that a connector must have to be changed; null for any. */
export type IfVersion = number | readonly number[] | null;

export interface CatalogOptions {
  current: CurrentConfig;
  state: Pick<StateManager, "connectors">;
  clock: Clock;
}

/** All connectors: those of the configuration file, and those created through the API, which are in the state store. */
export class ConnectorCatalog {
  readonly #options: CatalogOptions;
  #stored: readonly StoredConnector[] = [];
  #built = new Map<string, CatalogEntry>();
  #refused: readonly string[] = [];

  private constructor(options: CatalogOptions) {
    this.#options = options;
  }

  static async open(options: CatalogOptions): Promise<ConnectorCatalog> {
    const catalog = new ConnectorCatalog(options);
    await catalog.refresh();
    return catalog;
  }

  /** Reads the store again and applies the current configuration. */
  async refresh(): Promise<void> {
    this.#stored = await this.#options.state.connectors.list();
    this.#rebuild();
  }

  /** Stored connectors that are invalid with the current configuration, or whose id the file uses; sentences for people. */
  get problems(): readonly string[] {
    return this.#refused;
  }

  /** Those of the file first. */
  list(): CatalogEntry[] {
    return [...this.#built.values()];
  }

  configs(): ConnectorConfig[] {
    return this.list().map(({ config }) => config);
  }

  find(id: string): CatalogEntry | undefined {
    return this.#built.get(id);
  }

  /** Throws `CONNECTOR_UNKNOWN`. */
  get(id: string): CatalogEntry {
    const entry = this.#built.get(id);
    if (entry !== undefined) return entry;
    const ids = [...this.#built.keys()];
    const close = nearest(id, ids);
    const hint = close === null ? `there are: ${ids.join(", ") || "none"}` : `did you mean "${close}"?`;
    // A key may have been pasted in its place.
    const subject = withoutSecretWords(id);
    throw new ConnectorError("CONNECTOR_UNKNOWN", `no connector is called "${subject}"`, { subject, hint });
  }

  /** With `dryRun` nothing is kept: it is the entry that there would be. Throws `CONFIG_INVALID`, `CONNECTOR_EXISTS`. */
  async create(settings: Readonly<Record<string, unknown>>, { dryRun = false } = {}): Promise<CatalogEntry> {
    const config = this.#fitting(settings, this.configs());
    const { id } = config;
    if (this.#built.has(id)) {
      throw new ConnectorError("CONNECTOR_EXISTS", `there is a connector "${id}" already`, { subject: id });
    }
    const now = this.#options.clock.now();
    const secretOrigins = this.#secretOriginsOf(settings);
    const stored = { id, version: 0, settings, secretOrigins, createdAt: now, changedAt: now };
    return dryRun ? { config, stored } : this.#keep(stored);
  }

  /**
   * Replaces all settings; a masked secret keeps its value. The same settings again change nothing, not even the version; `dryRun` keeps none. Throws `CONNECTOR_UNKNOWN`, `CONNECTOR_READ_ONLY`, `CONFIG_INVALID`, and
   * `STATE_CONFLICT` when its version is not `ifVersion` or it was changed meanwhile.
   */
  async replace(
    id: string,
    settings: Readonly<Record<string, unknown>>,
    ifVersion: IfVersion,
    { dryRun = false } = {},
  ): Promise<CatalogEntry> {
    const stored = this.changeable(id, ifVersion);
    refuseOtherId(settings, id);
    const next = { ...withKeptSecrets(settings, stored.settings), id };
    this.#refuseMoved(settings, next, stored);
    const config = this.#fitting(
      next,
      this.configs().filter((other) => other.id !== id),
    );
    if (dryRun) return { config, stored: { ...stored, settings: next } };
    const secretOrigins = this.#secretOriginsOf(next);
    if (isDeepStrictEqual(next, stored.settings) && isDeepStrictEqual(secretOrigins, stored.secretOrigins))
      return this.get(id);
    return this.#keep({ ...stored, settings: next, secretOrigins, changedAt: this.#options.clock.now() });
  }

  /** Throws what `replace` throws. */
  async remove(id: string, ifVersion: IfVersion): Promise<void> {
    this.changeable(id, ifVersion);
    await this.#options.state.connectors.remove(id);
    await this.refresh();
  }

  async #keep(connector: StoredConnector): Promise<CatalogEntry> {
    try {
      await this.#options.state.connectors.save(connector);
    } catch (thrown) {
      // Another process has changed it; the next attempt needs the new version.
      if (isConnectorError(thrown, "STATE_CONFLICT")) await this.refresh();
      throw thrown;
    }
    await this.refresh();
    return this.get(connector.id);
  }

  /** Throws unless the connector is one that the API may change and has this version. */
  changeable(id: string, ifVersion: IfVersion): StoredConnector {
    const { stored } = this.get(id);
    if (stored === null) {
      const message = `connector "${id}" stands in the configuration file`;
      throw new ConnectorError("CONNECTOR_READ_ONLY", message, { subject: id });
    }
    if (ifVersion === null || [ifVersion].flat().includes(stored.version)) return stored;
    throw new ConnectorError("STATE_CONFLICT", `connector "${id}" was changed by someone else`, {
      subject: id,
    });
  }

  #secretOriginsOf(settings: unknown): SecretOrigins {
    return secretOriginsOf(settings, this.#options.current.surroundings.tree);
  }

  /** A kept secret belongs to the server that it was given for; a new secret belongs to the new server. */
  #refuseMoved(sent: unknown, next: unknown, stored: StoredConnector): void {
    const { tree } = this.#options.current.surroundings;
    const given = { ...this.#secretOriginsOf(stored.settings), ...stored.secretOrigins };
    const kept = movedSecrets(next, tree, given).filter(({ path }) => getIn(sent, path) === mask);
    refuse(kept);
  }

  /** Throws `CONFIG_INVALID` for invalid settings, or when documents would collide with another connector's. */
  #fitting(settings: unknown, others: readonly ConnectorConfig[]): ConnectorConfig {
    const config = readConnector(settings, this.#options.current.surroundings);
    refuse(takenContexts(config, others));
    return config;
  }

  #rebuild(): void {
    const { connectors } = this.#options.current.config;
    const built = new Map<string, CatalogEntry>(
      connectors.map((config) => [config.id, { config, stored: null }]),
    );
    const refused: string[] = [];
    for (const stored of this.#stored) {
      const problem = built.has(stored.id)
        ? "the configuration file has a connector of this id, which counts"
        : this.#add(stored, built);
      if (problem !== null)
        refused.push(`connector "${stored.id}" of the state store is not used: ${problem}`);
    }
    this.#built = built;
    this.#refused = refused;
  }

  #add(stored: StoredConnector, built: Map<string, CatalogEntry>): string | null {
    try {
      refuse(
        movedSecrets(stored.settings, this.#options.current.surroundings.tree, stored.secretOrigins ?? {}),
      );
      const others = [...built.values()].map(({ config }) => config);
      built.set(stored.id, { config: this.#fitting(stored.settings, others), stored });
      return null;
    } catch (thrown) {
      return toConnectorError(thrown).format();
    }
  }
}

/** A connector keeps its id, the key of its ledger, history and documents. Settings without an id mean its own. */
function refuseOtherId(settings: Readonly<Record<string, unknown>>, id: string): void {
  if (settings.id === undefined || settings.id === id) return;
  const reason = `must be "${id}": these are the settings of that connector`;
  const hint = "leave it out; a connector of another id is made by POST /connectors";
  refuse([{ path: ["id"], reason, hint }]);
}
