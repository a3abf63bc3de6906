import type { AuditChange, AuditLog } from "../access/audit/audit-log.ts";
import type { Config, ConnectorConfig } from "../config/config.ts";
import type { ReadConfig } from "../config/read-config.ts";
import type { DriftReport } from "../domain/drift-report.ts";
import type { RunRecord } from "../domain/run-record.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { RunControl } from "../schedule/run-control.ts";
import type { SchedulerService } from "../schedule/scheduler-service.ts";
import type { KnowledgeReader } from "../sinks/lightrag/knowledge-reader.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { CheckResult } from "../sync/check-connector.ts";
import type { LedgerWriter } from "../sync/ledger-writer.ts";
import type { ReconcileOptions } from "../sync/reconcile/reconciler.ts";
import type { RunOptions } from "../sync/run-options.ts";
import type { ConnectorParts } from "../sync/sync-parts.ts";
import type { ConnectorCatalog } from "./connectors/connector-catalog.ts";
import type { GroupNotes } from "./knowledge/group-notes.ts";

/** What the composition root opens for operations. */
export interface Services {
  /** As it is now: a reload changes it. */
  readonly config: Config;
  /** The same with where it came from and what was said of it. */
  readonly configuration: ReadConfig;
  readonly state: StateManager;
  readonly audit: Pick<AuditLog, "list" | "verify">;
  readonly connectors: ConnectorCatalog;
  readonly events: Emitter<OperationEvents>;
  /** Throws `CONNECTOR_UNKNOWN`. */
  connector(id: string): ConnectorConfig;
  /** What the connector works with, open until `work` has ended. Nothing is contacted here. */
  withParts<Result>(
    connector: ConnectorConfig,
    work: (parts: ConnectorParts) => Promise<Result>,
  ): Promise<Result>;
  /** What changes a connector's rows outside of a run; whoever uses it holds the connector's lock. */
  ledgerOf(connector: ConnectorConfig): Promise<Pick<LedgerWriter, "apply">>;
  /**
   * What a connector's LightRAG knows, open until `work` has ended; without a connector, the one of the configuration. Throws
   * `CONNECTOR_UNKNOWN`, and `SINK_*` or `DIRECT_*` when it cannot be reached or opened.
   */
  withKnowledge<Result>(
    connectorId: string | undefined,
    signal: AbortSignal,
    work: (knowledge: KnowledgeReader) => Promise<Result>,
  ): Promise<Result>;
  /** Leads from the documents of groups to their notes, for one connector or for all. Throws `CONNECTOR_UNKNOWN`. */
  groupNotes(connectorId: string | undefined): GroupNotes;
  /** Runs a connector once, whatever comes of it. Throws `CONNECTOR_LOCKED`, and what building its parts throws. */
  run(connector: ConnectorConfig, options: RunOptions, signal: AbortSignal): Promise<RunRecord>;
  /** Compares a connector's ledger, source and LightRAG. Throws `CONNECTOR_LOCKED`, and what reading them throws. */
  reconcile(connector: ConnectorConfig, options: ReconcileOptions, signal: AbortSignal): Promise<DriftReport>;
  /** Closes the clients that no connector names any more, as soon as nobody uses them. */
  releaseUnused(): Promise<void>;
}

/** The service that schedules, as an operation sees it. */
export interface ServiceControl {
  /** Null where another process schedules. */
  readonly scheduler: SchedulerService | null;
  /** The same scheduler, or the way to the other process's. */
  readonly control: RunControl;
  /** Brings the schedule and the log in line after connectors have changed. */
  connectorsChanged(): Promise<void>;
}

/** What one call of an operation works with; `Needs` are the services that it asks for. */
export interface OperationContext<Needs extends keyof Services = keyof Services> {
  services: Pick<Services, Needs>;
  /** Null for a command that works on the state alone. */
  service: ServiceControl | null;
  clock: Pick<Clock, "now">;
  /** Aborts when the caller has gone. */
  signal: AbortSignal;
  /** Writes a change to the audit log, with the caller and where the call came from. Durable when it resolves. */
  record(change: AuditChange): Promise<void>;
}

/** What operations tell while they work. */
export interface OperationEvents {
  "check:try": { connectorId: string; subject: string };
  "check:result": CheckResult;
}
