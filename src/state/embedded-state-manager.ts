import { ConnectorError, isConnectorError } from "../errors/connector-error.ts";
import type { Clock } from "../util/clock.ts";
import type { ValueCache } from "../util/value-cache.ts";
import type { AuditStore } from "./audit-store.ts";
import type { ConnectorLocks } from "./connector-locks.ts";
import { requireNotErased } from "./embedded-erasures.ts";
import { forgetConnector } from "./embedded-forgetting.ts";
import { embeddedRecords } from "./embedded-records.ts";
import { embeddedValues } from "./embedded-values.ts";
import type { ErasureStore } from "./erasure-store.ts";
import type { FilePlace } from "./file-place.ts";
import type { GoodCopies } from "./good-copies.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { LedgerKey, LedgerRow, LedgerStatus } from "./ledger-row.ts";
import type { NotificationStore } from "./notification-store.ts";
import type {
  ApiKeyStore,
  Backfill,
  ConnectorStore,
  PerConnector,
  SpentBudget,
  StoredReconciliation,
} from "./record-stores.ts";
import { copyOfRow, requireWellFormed } from "./row-rules.ts";
import type { RunRecord } from "./run-record.ts";
import type { ScheduleRequestStore } from "./schedule-request.ts";
import type { ScheduleChange, ScheduleState } from "./schedule-state.ts";
import { type StateAction, toStateError } from "./state-error.ts";
import { setAside } from "./state-files.ts";
import type {
  ConnectorLock,
  LedgerScope,
  PageRequest,
  RowPage,
  RowQuery,
  RunPage,
  RunQuery,
  StateManager,
  StatusCounts,
  SyncState,
  WaitingMemories,
} from "./state-manager.ts";
import type { StateTables, TableAccess } from "./state-tables.ts";

/** After these the disk may be at fault, and nothing tells when it is well again but another try. */
const writeProblems = ["STATE_DISK_FULL", "STATE_WRITE_FAILED"] as const;

/** Of no service whose answers are kept. */
const trialLength = 256 * 1024;
const trialKey = "\u0000trial of writing";

/** What a state that may be changed has beyond its tables. */
export interface StateWriter {
  commits: GroupCommit;
  copies: GoodCopies;
  locks: ConnectorLocks;
  place: FilePlace;
  /** Leaves nothing in the state's file of what was removed from it. */
  rewrite(): Promise<void>;
}

export interface EmbeddedState {
  location: string;
  notices: readonly string[];
  tables: StateTables;
  clock: Clock;
  /** Null when the state was opened for reading only. */
  writer: StateWriter | null;
  /** Damage was met while working. */
  noteDamage(): Promise<void>;
  /** Lets go of the files. Called once, after the last write. */
  release(): Promise<void>;
}

/** The `StateManager` of the backends that work inside this process: their tables, made durable in groups. */
export class EmbeddedStateManager implements StateManager {
  readonly location: string;
  readonly notices: readonly string[];
  readonly connectors: ConnectorStore;
  readonly apiKeys: ApiKeyStore;
  readonly scheduleRequests: ScheduleRequestStore;
  readonly audit: AuditStore;
  readonly values: ValueCache;
  readonly budgets: PerConnector<SpentBudget>;
  readonly reconciliations: PerConnector<StoredReconciliation>;
  readonly backfills: PerConnector<Backfill>;
  readonly erasures: ErasureStore;
  readonly notifications: NotificationStore;
  private readonly state: EmbeddedState;
  private readonly tables: StateTables;
  private closing: Promise<void> | null = null;
  private cannotWrite = false;

  constructor(state: EmbeddedState) {
    this.location = state.location;
    this.notices = state.notices;
    this.state = state;
    this.tables = state.tables;
    const access: Pick<TableAccess<unknown>, "read" | "change"> = {
      read: (work) => this.read(work),
      change: (work) => this.change(work),
    };
    const records = embeddedRecords({ table: state.tables.records, ...access });
    this.connectors = records.connectors;
    this.apiKeys = records.apiKeys;
    this.scheduleRequests = records.scheduleRequests;
    this.audit = records.audit;
    this.values = embeddedValues({ table: state.tables.values, ...access }, state.clock);
    this.budgets = records.budgets;
    this.reconciliations = records.reconciliations;
    this.backfills = records.backfills;
    this.erasures = records.erasures;
    this.notifications = records.notifications;
  }

  getRows(scope: LedgerScope, memoryIds: readonly string[]): Promise<Map<string, LedgerRow>> {
    return this.read(() => {
      const rows = new Map<string, LedgerRow>();
      for (const id of memoryIds) {
        const row = this.tables.ledger.get(scope, id);
        if (row !== undefined) rows.set(id, row);
      }
      return rows;
    });
  }

  getGroup(scope: LedgerScope, groupKey: string): Promise<LedgerRow[]> {
    return this.read(() => this.tables.ledger.group(scope, groupKey));
  }

  getUnprocessedIds(scope: LedgerScope, memoryIds: readonly string[]): Promise<string[]> {
    return this.read(() => [...new Set(memoryIds)].filter((id) => !this.tables.ledger.isFinished(scope, id)));
  }

  async saveRows(rows: readonly LedgerRow[]): Promise<LedgerRow[]> {
    for (const row of rows) requireWellFormed(row.connectorId, row.contextId, row.memoryId);
    const copies = rows.map(copyOfRow);
    return this.change(() => {
      requireNotErased(this.tables.records, copies);
      return copies.map((row) => this.tables.ledger.save(row));
    });
  }

  pageRows(query: RowQuery, page: PageRequest): Promise<RowPage> {
    return this.read(() => this.tables.ledger.page(query, page));
  }

  async removeRows(keys: readonly LedgerKey[]): Promise<void> {
    const copies = structuredClone(keys);
    await this.change(() => copies.forEach((key) => void this.tables.ledger.remove(key)));
  }

  countRows(connectorId: string): Promise<StatusCounts> {
    return this.read(() => this.tables.ledger.counts(connectorId));
  }

  oldestUnfinished(scope: LedgerScope, after?: number): Promise<number | null> {
    return this.read(() => this.tables.ledger.oldestUnfinished(scope, after));
  }

  waiting(scope: LedgerScope, after?: number): Promise<WaitingMemories> {
    return this.read(() => this.tables.ledger.waiting(scope, after));
  }

  earliestAttempt(connectorId: string, statuses: readonly LedgerStatus[]): Promise<number | null> {
    return this.read(() => this.tables.ledger.earliestAttempt(connectorId, statuses));
  }

  getSyncState(scope: LedgerScope): Promise<SyncState | null> {
    return this.read(() => this.tables.syncStates.get(scope));
  }

  async saveSyncState(state: SyncState): Promise<void> {
    requireWellFormed(state.connectorId, state.contextId);
    const copy = structuredClone(state);
    await this.change(() => this.tables.syncStates.save(copy));
  }

  async saveRun(run: RunRecord): Promise<void> {
    requireWellFormed(run.runId, run.connectorId);
    const copy = structuredClone(run);
    await this.change(() => this.tables.runs.save(copy));
  }

  getRun(runId: string): Promise<RunRecord | null> {
    return this.read(() => this.tables.runs.get(runId));
  }

  listRuns(query: RunQuery): Promise<RunPage> {
    return this.read(() => this.tables.runs.list(query));
  }

  pruneRuns(before: number): Promise<number> {
    return this.change(() => this.tables.runs.pruneEndedBefore(before));
  }

  listSchedules(): Promise<ScheduleState[]> {
    return this.read(() => this.tables.schedules.list());
  }

  hasNewSchedules(): Promise<boolean> {
    return this.read(() => this.tables.schedules.hasNews());
  }

  async changeSchedules(changes: ReadonlyMap<string, ScheduleChange>): Promise<ScheduleState[]> {
    requireWellFormed(...changes.keys());
    const { schedules } = this.tables;
    return this.change(() =>
      Array.from(changes).flatMap(([connectorId, change]) => {
        const changed = change(schedules.get(connectorId));
        if (changed !== null) schedules.save(changed);
        return changed ?? [];
      }),
    );
  }

  async removeSchedule(connectorId: string): Promise<void> {
    await this.change(() => this.tables.schedules.remove(connectorId));
  }

  resetConnector(connectorId: string): Promise<number> {
    return this.forget(connectorId, "reset");
  }

  async forgetConnector(connectorId: string): Promise<void> {
    await this.forget(connectorId, "removal");
  }

  async expunge(): Promise<string[]> {
    const { commits, copies, rewrite } = this.requireWriter();
    await commits.idle();
    await this.reportingDamage("write", async () => {
      await rewrite();
      await copies.renew();
    });
    return setAside(this.location);
  }

  async condition(): Promise<ConnectorError | null> {
    try {
      this.requireOpen();
      this.state.writer?.place.require();
      if (this.cannotWrite) await this.tryWriting();
      return null;
    } catch (thrown) {
      return toStateError(thrown, "write", this.location);
    }
  }

  async lockConnector(connectorId: string): Promise<ConnectorLock> {
    requireWellFormed(connectorId);
    const { locks } = this.requireWriter();
    return this.reportingDamage("write", () => locks.take(connectorId));
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private forget(connectorId: string, moment: "reset" | "removal"): Promise<number> {
    return forgetConnector({ tables: this.tables, change: (work) => this.change(work) }, connectorId, moment);
  }

  private async read<T>(work: () => T): Promise<T> {
    this.requireOpen();
    return this.reportingDamage("read", work);
  }

  private async change<T>(work: () => T): Promise<T> {
    const { commits, copies } = this.requireWriter();
    try {
      const result = await this.reportingDamage("write", () => commits.run(work));
      this.cannotWrite = false;
      copies.noteChange();
      return result;
    } catch (thrown) {
      this.cannotWrite ||= writeProblems.some((code) => isConnectorError(thrown, code));
      throw thrown;
    }
  }

  /** Writes about as much as a batch of rows does, and takes it back. */
  private async tryWriting(): Promise<void> {
    const { values } = this.tables;
    await this.change(() => values.put(trialKey, "x".repeat(trialLength), this.state.clock.now()));
    await this.change(() => values.removeBeginning(trialKey));
  }

  private async reportingDamage<T>(action: StateAction, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toStateError(thrown, action, this.location);
      if (error.code === "STATE_CORRUPT") await this.state.noteDamage();
      throw error;
    }
  }

  private requireOpen(): void {
    if (this.closing === null) return;
    throw new ConnectorError("STATE_CLOSED", `${this.location} is closed`, { subject: this.location });
  }

  private requireWriter(): StateWriter {
    this.requireOpen();
    if (this.state.writer !== null) return this.state.writer;
    const message = `${this.location} was opened for reading only`;
    throw new ConnectorError("STATE_READ_ONLY", message, { subject: this.location });
  }

  private async finish(): Promise<void> {
    const { writer } = this.state;
    await writer?.commits.idle();
    await writer?.copies.close();
    writer?.locks.releaseAll();
    await this.state.release();
  }
}
