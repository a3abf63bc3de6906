import type { LedgerKey, LedgerRow, LedgerStatus } from "../domain/ledger-row.ts";
import type { RunRecord } from "../domain/run-record.ts";
import type { CacheValue } from "../kernel/util/value-cache.ts";
import type { RecordCollection } from "./ownership.ts";
import type { ScheduleState } from "./schedule-state.ts";
import type {
  LedgerScope,
  PageRequest,
  RowPage,
  RowQuery,
  RunPage,
  RunQuery,
  StatusCounts,
  SyncState,
  WaitingMemories,
} from "./state-manager.ts";

/**
 * What an embedded backend (one that works inside this process) stores, as synchronous operations. What they promise is the
 * `StateManager`'s contract, except that durability, and undoing what threw half-way, are the `BatchStore`'s.
 */
export interface StateTables {
  ledger: LedgerTable;
  syncStates: SyncStateTable;
  runs: RunTable;
  schedules: ScheduleStateTable;
  records: RecordTable;
  values: ValueTable;
}

/** How small stores reach their table: reads at once, changes as one durable unit of work. */
export interface TableAccess<Table> {
  table: Table;
  read<T>(work: () => T): Promise<T>;
  change<T>(work: () => T): Promise<T>;
}

/** Answers by key, with the moment of the last `put`. */
export interface ValueTable {
  get(key: string): CacheValue | undefined;
  put(key: string, value: CacheValue, at: number): void;
  /** Removes the answers whose keys begin with this text; what they held. */
  removeBeginning(prefix: string): CacheValue[];
  /** Removes what was put before this moment, and of the rest the oldest beyond this number. */
  forget(bounds: { before: number; keep: number }): void;
}

export interface RecordTable {
  /** By id. */
  list(collection: RecordCollection): unknown[];
  get(collection: RecordCollection, id: string): unknown;
  /** Inserts or replaces. The record is JSON. */
  save(collection: RecordCollection, id: string, record: unknown): void;
  remove(collection: RecordCollection, id: string): void;
  /** At most `limit` records with ids behind `after`, by id or in the reverse order; null begins at the end that comes first. */
  page(collection: RecordCollection, page: RecordPage): { id: string; record: unknown }[];
  /** Removes records with ids up to this one, itself included. */
  removeThrough(collection: RecordCollection, id: string): void;
}

export interface RecordPage {
  after: string | null;
  limit: number;
  reverse: boolean;
}

export interface LedgerTable {
  get(scope: LedgerScope, memoryId: string): LedgerRow | undefined;
  /** By memory id. */
  group(scope: LedgerScope, groupKey: string): LedgerRow[];
  isFinished(scope: LedgerScope, memoryId: string): boolean;
  /** The row with its new version. Throws `STATE_CONFLICT`, see `versionConflict`. */
  save(row: LedgerRow): LedgerRow;
  remove(key: LedgerKey): void;
  /** Removes at most `limit` rows of the connector; how many it removed. */
  removeSome(connectorId: string, limit: number): number;
  page(query: RowQuery, page: PageRequest): RowPage;
  counts(connectorId: string): StatusCounts;
  oldestUnfinished(scope: LedgerScope, after?: number): number | null;
  waiting(scope: LedgerScope, after?: number): WaitingMemories;
  earliestAttempt(connectorId: string, statuses: readonly LedgerStatus[]): number | null;
}

export interface SyncStateTable {
  get(scope: LedgerScope): SyncState | null;
  save(state: SyncState): void;
  removeConnector(connectorId: string): void;
}

export interface ScheduleStateTable {
  list(): ScheduleState[];
  /** Another one after every change that somebody else may have made. */
  version(): number;
  get(connectorId: string): ScheduleState | null;
  save(state: ScheduleState): void;
  remove(connectorId: string): void;
}

export interface RunTable {
  save(run: RunRecord): void;
  get(runId: string): RunRecord | null;
  list(query: RunQuery): RunPage;
  pruneEndedBefore(before: number): number;
}
