import { AuditLog } from "../access/audit/audit-log.ts";
import { sealedConnectors } from "../access/secrets/sealed-connector-store.ts";
import { SecretVault } from "../access/secrets/secret-vault.ts";
import type { Config, ConnectorConfig } from "../config/config.ts";
import { maskSecrets, secretKeys } from "../config/mask-secrets.ts";
import type { ReadConfig } from "../config/read-config.ts";
import { sharersOf } from "../config/shared-contexts.ts";
import type { DriftReport } from "../domain/drift-report.ts";
import type { RunRecord } from "../domain/run-record.ts";
import { isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Circuit } from "../kernel/http/circuits.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import { closeAll } from "../kernel/util/run-together.ts";
import { ConnectorCatalog } from "../operations/connectors/connector-catalog.ts";
import { GroupNotes } from "../operations/knowledge/group-notes.ts";
import type { Services } from "../operations/operation-context.ts";
import { RemoteRunControl } from "../schedule/remote-run-control.ts";
import { cancellable, type RunInbox } from "../schedule/run-inbox.ts";
import type { KnowledgeReader } from "../sinks/lightrag/knowledge-reader.ts";
import { sourceFingerprint } from "../sources/source-settings.ts";
import { openState } from "../state/open-state.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { LedgerWriter } from "../sync/ledger-writer.ts";
import type { ReconcileOptions } from "../sync/reconcile/reconciler.ts";
import type { RunOptions } from "../sync/run-options.ts";
import type { ConnectorParts } from "../sync/sync-parts.ts";
import type { AppEvents } from "./app-events.ts";
import type { ConnectorFactory } from "./connector-factory.ts";
import { SharedLimits } from "./limits/shared-limits.ts";
import { LiveEvents } from "./live/live-events.ts";
import { Relay } from "./live/relay.ts";
import type { KnowledgeSource } from "./sink-factory.ts";

export type { ConnectorConfig } from "../config/config.ts";

/**
 * The composition root: builds the parts that a configuration names. Network clients are loaded on first use, so that commands that
 * only read the state respond immediately.
 */
export class App implements Services {
  readonly state: StateManager;
  readonly connectors: ConnectorCatalog;
  readonly audit: AuditLog;
  readonly events = new EventBus<AppEvents>();
  /** What happens here and in the other processes on this state. */
  readonly live: LiveEvents;
  readonly relay: Relay;
  readonly #limits: SharedLimits;
  #factory: Promise<ConnectorFactory> | null = null;
  #built: ConnectorFactory | null = null;
  readonly #current: ReadConfig;
  readonly #leavesFolders: boolean;
  readonly #readOnly: boolean;

  private constructor(
    current: ReadConfig,
    state: StateManager,
    connectors: ConnectorCatalog,
    { leavesFolders, readOnly }: { leavesFolders: boolean; readOnly: boolean },
  ) {
    this.#current = current;
    this.#leavesFolders = leavesFolders;
    this.#readOnly = readOnly;
    this.state = state;
    this.connectors = connectors;
    this.live = new LiveEvents(this.events, systemClock);
    this.relay = new Relay({ board: state.board, live: this.live, clock: systemClock });
    const { board, shares: store } = state;
    this.#limits = new SharedLimits({
      store,
      relay: this.relay,
      clock: systemClock,
      id: readOnly ? null : board.id,
    });
    this.audit = new AuditLog(state.audit, systemClock, maskSecrets);
  }

  /**
   * `leavesFolders`: questions read a folder of direct mode beside the process that writes it, and never take it. Throws what
   * `openState` throws, and `SECRETS_*` when stored secrets cannot be opened. Nothing is contacted.
   */
  static async open(
    current: ReadConfig,
    { readOnly, leavesFolders = readOnly }: { readOnly: boolean; leavesFolders?: boolean },
  ): Promise<App> {
    const state = await openState({ ...current.config.state, readOnly });
    try {
      const vault = new SecretVault(() => current.config.advanced.secrets);
      const sealed = { connectors: sealedConnectors(state.connectors, vault, secretKeys()) };
      const connectors = await ConnectorCatalog.open({ current, state: sealed, clock: systemClock });
      return new App(current, state, connectors, { leavesFolders, readOnly });
    } catch (thrown) {
      await state.close();
      throw thrown;
    }
  }

  /** The current configuration: a reload changes it. */
  get config(): Config {
    return this.#current.config;
  }

  get configuration(): ReadConfig {
    return this.#current;
  }

  /** Throws `CONNECTOR_UNKNOWN`. */
  connector(id: string): ConnectorConfig {
    return this.connectors.get(id).config;
  }

  /** The connector's dependencies, open until `work` has ended. Makes no connection. */
  async withParts<Result>(
    connector: ConnectorConfig,
    work: (parts: ConnectorParts) => Promise<Result>,
  ): Promise<Result> {
    // Who works tells the others, and shares limits with them; who only looks takes part in nothing.
    if (!this.#readOnly) await this.relay.start();
    const factory = await this.#loadFactory();
    // What was erased at another connector of the source stays away from this one.
    const source = sourceFingerprint(connector.source);
    if (source !== null) this.state.erasures.supposes(connector.id, source);
    return factory.withParts(connector, this.config, work);
  }

  /** For what reads the source and believes it: the connector has had this source from now on. */
  async #keepSource({ id, source }: ConnectorConfig): Promise<void> {
    const fingerprint = sourceFingerprint(source);
    if (fingerprint !== null) await this.state.erasures.reads(id, fingerprint);
  }

  /** What changes a connector's rows outside of a run. */
  async ledgerOf(connector: ConnectorConfig): Promise<LedgerWriter> {
    const { buildTransformer } = await import("./build-transformer.ts");
    const { LedgerWriter } = await import("../sync/ledger-writer.ts");
    return new LedgerWriter({
      state: this.state,
      clock: systemClock,
      transformer: buildTransformer(connector),
    });
  }

  /**
   * A reader of a connector's LightRAG, open until `work` has ended; without a connector, that of the configuration. Throws
   * `CONNECTOR_UNKNOWN`, and `SINK_*` or `DIRECT_*` when it cannot be reached or opened.
   */
  async withKnowledge<Result>(
    connectorId: string | undefined,
    signal: AbortSignal,
    work: (knowledge: KnowledgeReader) => Promise<Result>,
  ): Promise<Result> {
    const { lightrag } = connectorId === undefined ? this.config : this.connector(connectorId);
    const factory = await this.#loadFactory();
    const read = async (source: KnowledgeSource) => {
      await source.connect(signal);
      return work(source.knowledge());
    };
    return this.#leavesFolders ? factory.withReader(lightrag, read) : factory.withSink(lightrag, read);
  }

  /** Throws `DIRECT_FOLDER_LOCKED` while another process works on the connector's folder; what else is wrong a run tells. */
  async requireFreeFolder({ lightrag }: ConnectorConfig): Promise<void> {
    if (lightrag.mode === "api") return;
    const factory = await this.#loadFactory();
    await factory
      .withSink(lightrag, async (sink) => sink.requireFree?.())
      .catch((thrown: unknown) => {
        if (isConnectorError(thrown, "DIRECT_FOLDER_LOCKED")) throw thrown;
      });
  }

  /** Maps documents of groups to their notes, for one connector or for all. Throws `CONNECTOR_UNKNOWN`. */
  groupNotes(connectorId: string | undefined): GroupNotes {
    const all = this.connectors.configs();
    return new GroupNotes(this.state, connectorId === undefined ? all : [this.connector(connectorId)]);
  }

  /**
   * Runs a connector once; see `ConnectorSync.run`. A run without a waiting caller leaves a record even if its dependencies cannot
   * be built; a command throws the error.
   */
  async run(connector: ConnectorConfig, options: RunOptions, signal: AbortSignal): Promise<RunRecord> {
    const { ConnectorSync } = await import("../sync/run.ts");
    let isBuilt = false;
    return this.withParts(connector, async ({ settings, ...parts }) => {
      await this.#keepSource(connector);
      isBuilt = true;
      const sync = new ConnectorSync(parts, settings);
      return cancellable(this.#inboxOf(options), signal, (either) => sync.run(options, either));
    }).catch(async (thrown: unknown) => {
      if (isBuilt || options.trigger === "cli") throw thrown;
      const { recordFailedStart } = await import("../sync/report/record-run.ts");
      const frame = { state: this.state, clock: systemClock, events: this.events };
      return recordFailedStart(frame, connector.id, options, thrown);
    });
  }

  /**
   * Compares a connector's ledger, source and LightRAG; see `Reconciler.reconcile`. A comparison whose id was returned to a caller
   * leaves a record even if it cannot begin.
   */
  async reconcile(
    connector: ConnectorConfig,
    options: ReconcileOptions,
    signal: AbortSignal,
  ): Promise<DriftReport> {
    const { ConnectorSync } = await import("../sync/run.ts");
    const { Reconciler } = await import("../sync/reconcile/reconciler.ts");
    return this.withParts(connector, async ({ settings, ...parts }) => {
      await this.#keepSource(connector);
      const orchestrator = new ConnectorSync(parts, settings);
      const sharers = sharersOf(connector, this.connectors.configs());
      const reconciler = new Reconciler({ ...parts, settings, sharers, orchestrator });
      return cancellable(this.#inboxOf(options), signal, (either) => reconciler.reconcile(options, either));
    }).catch(async (thrown: unknown) => {
      if (options.trigger !== "api") throw thrown;
      const { recordUnbegunReconciliation } = await import("../sync/reconcile/record-reconciliation.ts");
      const frame = { state: this.state, clock: systemClock, events: this.events };
      await recordUnbegunReconciliation(frame, connector.id, options, thrown);
      throw thrown;
    });
  }

  /** See `RemoteRunControl.cancelRun`. */
  cancelElsewhere(connectorId: string, runId: string): Promise<boolean> {
    const store = this.state.scheduleRequests;
    const added = () => this.relay.changed("requests");
    return new RemoteRunControl({ store, clock: systemClock, added }).cancelRun(connectorId, runId);
  }

  #inboxOf({ runId }: { runId: string }): RunInbox {
    const added = (listener: () => void) => this.relay.on("requests", listener);
    return { store: this.state.scheduleRequests, clock: systemClock, runId, added };
  }

  /** The current circuits to the servers in use. */
  circuits(): readonly Circuit[] {
    return this.#built?.circuits() ?? [];
  }

  /** To be called after a change of connectors or configuration: closes unreferenced clients as soon as they are idle. */
  async releaseUnused(): Promise<void> {
    await this.#built?.keepOnly(this.connectors.configs(), this.config.lightrag);
  }

  #loadFactory(): Promise<ConnectorFactory> {
    this.#factory ??= import("./connector-factory.ts").then(({ ConnectorFactory }) => {
      this.#built = new ConnectorFactory(this.state, this.events, this.#limits);
      return this.#built;
    });
    return this.#factory;
  }

  async close(): Promise<void> {
    await this.#limits.close();
    await this.relay.stop();
    await closeAll([{ close: async () => (await this.#factory)?.close() }, this.state]);
  }
}
