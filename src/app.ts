import type { Config, ConnectorConfig } from "./config/config.ts";
import { nearest } from "./config/report/nearest.ts";
import { ConnectorError } from "./errors/connector-error.ts";
import type { ConnectorParts, PartsBuilder } from "./parts-builder.ts";
import { openState } from "./state/open-state.ts";
import type { StateManager } from "./state/state-manager.ts";
import type { SyncEvents } from "./sync/events.ts";
import type { IngestionOrchestrator } from "./sync/ingestion-orchestrator.ts";
import { closeAll } from "./util/close-all.ts";
import { EventBus } from "./util/event-bus.ts";

export type { ConnectorConfig } from "./config/config.ts";

/**
 * The one place that opens what a configuration names and hands it over. The parts that talk to the world are loaded when they are
 * first asked for: commands that only look at the state answer at once.
 */
export class App {
  readonly config: Config;
  readonly state: StateManager;
  readonly events = new EventBus<SyncEvents>();
  private builder: Promise<PartsBuilder> | null = null;

  private constructor(config: Config, state: StateManager) {
    this.config = config;
    this.state = state;
  }

  /** Throws what `openState` throws. Nothing is contacted. */
  static async open(config: Config, options: { readOnly: boolean }): Promise<App> {
    const { backend, path } = config.state;
    return new App(config, await openState({ backend, path, readOnly: options.readOnly }));
  }

  /** Throws `CONNECTOR_UNKNOWN`. */
  connector(id: string): ConnectorConfig {
    const found = this.config.connectors.find((connector) => connector.id === id);
    if (found !== undefined) return found;
    const ids = this.config.connectors.map((connector) => connector.id);
    const close = nearest(id, ids);
    const hint = close === null ? `there are: ${ids.join(", ") || "none"}` : `did you mean "${close}"?`;
    throw new ConnectorError("CONNECTOR_UNKNOWN", `no connector is called "${id}"`, { subject: id, hint });
  }

  /** Nothing is contacted. */
  async parts(connector: ConnectorConfig): Promise<ConnectorParts> {
    this.builder ??= import("./parts-builder.ts").then(
      ({ PartsBuilder }) => new PartsBuilder(this.state, this.events),
    );
    return (await this.builder).partsOf(connector);
  }

  async orchestrator(connector: ConnectorConfig): Promise<IngestionOrchestrator> {
    const { settings, ...parts } = await this.parts(connector);
    const { IngestionOrchestrator } = await import("./sync/ingestion-orchestrator.ts");
    return new IngestionOrchestrator(parts, settings);
  }

  async close(): Promise<void> {
    await closeAll([{ close: async () => (await this.builder)?.close() }, this.state]);
  }
}
