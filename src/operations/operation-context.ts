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
import type { Diagnosis } from "./doctor/diagnosis.ts";
import type { GroupNotes } from "./knowledge/group-notes.ts";

/** The services that the composition root provides to operations. */
export interface Services {
  /** The current configuration: a reload changes it. */
  readonly config: Config;
  /** The same with its source and warnings. */
  readonly configuration: ReadConfig;
  readonly state: StateManager;
  readonly audit: Pick<AuditLog, "list" | "verify">;
  readonly connectors: ConnectorCatalog;
  readonly events: Emitter<OperationEvents>;
  /** Throws `CONNECTOR_UNKNOWN`. */
  connector(id: string): ConnectorConfig;
  /** The connector's dependencies, open until `work` has ended. Makes no connection. */
  withParts<Result>(
    connector: ConnectorConfig,
    work: (parts: ConnectorParts) => Promise<Result>,
  ): Promise<Result>;
  /** Changes a connector's rows outside of a run; the caller has to hold the connector's lock. */
  ledgerOf(connector: ConnectorConfig): Promise<Pick<LedgerWriter, "apply">>;
  /**
   * A reader of a connector's LightRAG, open until `work` has ended; without a connector, that of the configuration. Throws
   * `CONNECTOR_UNKNOWN`, and `SINK_*` or `DIRECT_*` when it cannot be reached or opened.
   */
  withKnowledge<Result>(
    connectorId: string | undefined,
    signal: AbortSignal,
    work: (knowledge: KnowledgeReader) => Promise<Result>,
  ): Promise<Result>;
  /** Maps merged documents to their notes, for one connector or for all. Throws `CONNECTOR_UNKNOWN`. */
  groupNotes(connectorId: string | undefined): GroupNotes;
  /**
   * Runs a connector once and resolves to its record, whatever the outcome. Throws `CONNECTOR_LOCKED`, and the errors of building
   * its dependencies.
   */
  run(connector: ConnectorConfig, options: RunOptions, signal: AbortSignal): Promise<RunRecord>;
  /** Has the process that works on a run cancel it. False when it does not act on that in time. */
  cancelElsewhere(connectorId: string, runId: string): Promise<boolean>;
  /** Compares a connector's ledger, source and LightRAG. Throws `CONNECTOR_LOCKED`, and the errors of reading them. */
  reconcile(connector: ConnectorConfig, options: ReconcileOptions, signal: AbortSignal): Promise<DriftReport>;
  /** Closes clients that no connector references any more, as soon as they are idle. */
  releaseUnused(): Promise<void>;
}

/** The running service, as operations use it. */
export interface ServiceControl {
  /** Null where another process schedules. */
  readonly scheduler: SchedulerService | null;
  /** Control of the scheduler, in this or in the other process. */
  readonly control: RunControl;
  /**
   * Has a connector run soon, because its source is said to have changed, in this memory if one is named; once, however often it is said.
   */
  sourceChanged(connectorId: string, memoryId: string | null): Promise<void>;
  /** Updates schedule and log after connectors have changed. */
  connectorsChanged(): Promise<void>;
}

/** The context of one call of an operation; `Needs` are the services that it uses. */
export interface OperationContext<Needs extends keyof Services = keyof Services> {
  services: Pick<Services, Needs>;
  /** Null for a command without a service. */
  service: ServiceControl | null;
  clock: Pick<Clock, "now">;
  /** For a caller that has signed its message: when, in milliseconds since the epoch, and whether it was taken before. */
  signed?: { at: number; isAgain: boolean };
  /** Aborts when the caller disconnects or cancels. */
  signal: AbortSignal;
  /** Writes a change to the audit log, with the caller and its origin. Durable when it resolves. */
  record(change: AuditChange): Promise<void>;
}

/** Progress events of operations. */
export interface OperationEvents {
  "check:try": { connectorId: string; subject: string };
  "check:result": CheckResult;
  "check:database": Diagnosis;
}
