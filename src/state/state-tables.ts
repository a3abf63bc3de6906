import type { LedgerKey, LedgerRow, LedgerStatus } from "../domain/ledger-row.ts";
import type { PushedMemory } from "../domain/pushed-memory.ts";
import type { RunRecord } from "../domain/run-record.ts";
import type { CacheValue } from "../kernel/util/value-cache.ts";
import type {
  CountQuery,
  FacetCount,
  FacetKind,
  FacetPageRequest,
  MemoryDocumentPage,
  MemoryQuery,
  TimeSpan,
  TopFacets,
  TopFacetsRequest,
} from "./memory-query.ts";
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
 * The storage of an embedded backend (one inside this process), as synchronous operations. They fulfil the contract of
 * `StateManager`, except for durability and rollback, which are the `BatchStore`'s.
 */
export interface StateTables {
  ledger: LedgerTable;
  memories: MemoryIndexTable;
  syncStates: SyncStateTable;
  runs: RunTable;
  schedules: ScheduleStateTable;
  records: RecordTable;
  values: ValueTable;
  pushed: PushedTable;
}

/** Access of small stores to their table: reads are immediate, a change is one durable unit of work. */
export interface TableAccess<Table> {
  table: Table;
  read<T>(work: () => T): Promise<T>;
  change<T>(work: () => T): Promise<T>;
}

/** The memories that programs have sent, see `PushedMemories`. */
export interface PushedTable {
  get(key: LedgerKey): PushedMemory | undefined;
  /** Inserts or replaces. */
  save(entry: PushedMemory): void;
  page(scope: LedgerScope, after: number, limit: number): PushedMemory[];
  newest(connectorId: string): number;
  /** Removes at most `limit` entries of the connector; returns their number. */
  removeSome(connectorId: string, limit: number): number;
}

/** Cached values by key, with the time of the last `put`. */
export interface ValueTable {
  get(key: string): CacheValue | undefined;
  put(key: string, value: CacheValue, at: number): void;
  /** Removes the entries whose keys start with this prefix; returns their values. */
  removeBeginning(prefix: string): CacheValue[];
  /** Removes entries put before this time, and of the rest the oldest beyond this number. */
  forget(bounds: { before: number; keep: number }): void;
}

export interface RecordTable {
  /** By id. */
  list(collection: RecordCollection): unknown[];
  get(collection: RecordCollection, id: string): unknown;
  /** Inserts or replaces. The record is JSON. */
  save(collection: RecordCollection, id: string, record: unknown): void;
  remove(collection: RecordCollection, id: string): void;
  /**
   * At most `limit` records with ids after `after`, in ascending or descending order; null starts at the beginning of that order.
   */
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
  /** Removes at most `limit` rows of the connector; returns their number. */
  removeSome(connectorId: string, limit: number): number;
  page(query: RowQuery, page: PageRequest): RowPage;
  counts(connectorId: string): StatusCounts;
  oldestUnfinished(scope: LedgerScope, after?: number): number | null;
  waiting(scope: LedgerScope, after?: number): WaitingMemories;
  earliestAttempt(connectorId: string, statuses: readonly LedgerStatus[]): number | null;
  /** Whether the stored text of any memory has more code points than this. */
  hasLongerTexts(most: number): boolean;
  /** Truncates stored texts of some rows to so many code points; repeat until `hasLongerTexts` is false. */
  cutTexts(most: number): void;
}

/** See `MemoryIndex`. All of it is derived from the ledger. */
export interface MemoryIndexTable {
  search(query: MemoryQuery, page: PageRequest): RowPage;
  documents(query: MemoryQuery, page: PageRequest): MemoryDocumentPage;
  countInSpan(query: CountQuery, span: TimeSpan): StatusCounts;
  newestUnitBefore(query: CountQuery, before: number): number | null;
  topFacets(query: CountQuery, ask: TopFacetsRequest): TopFacets;
  pageFacets(connectorId: string, ask: FacetPageRequest): FacetCount[];
  countFacets(connectorId: string, kind: FacetKind, keys: readonly string[]): FacetCount[];
}

export interface SyncStateTable {
  get(scope: LedgerScope): SyncState | null;
  save(state: SyncState): void;
  removeConnector(connectorId: string): void;
}

export interface ScheduleStateTable {
  list(): ScheduleState[];
  /** Changes after every possible write of another process. */
  version(): number;
  get(connectorId: string): ScheduleState | null;
  save(state: ScheduleState): void;
  remove(connectorId: string): void;
}

export interface RunTable {
  save(run: RunRecord): void;
  get(runId: string): RunRecord | null;
  list(query: RunQuery): RunPage;
  /** At most `limit` of them; resolves to how many. */
  pruneEndedBefore(before: number, limit: number): number;
  /** The connector's runs, newest first, without the newest `newer`; at most `limit`. */
  olderThan(connectorId: string, newer: number, limit: number): RunRecord[];
  remove(runId: string): void;
}
