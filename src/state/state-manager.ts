import type { LedgerKey, LedgerRow, LedgerStatus } from "../domain/ledger-row.ts";
import type { PushedMemories } from "../domain/pushed-memory.ts";
import type { RunRecord } from "../domain/run-record.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { ValueCache } from "../kernel/util/value-cache.ts";
import type { SourceLore } from "../sources/memory-source.ts";
import type { Board } from "./board.ts";
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
import type { RecordStores } from "./record-stores.ts";
import type { ScheduleStore } from "./schedule-state.ts";
import type { SharedRuns } from "./shared-runs.ts";

export interface LedgerScope {
  connectorId: string;
  contextId: string;
}

export interface RowQuery {
  connectorId: string;
  contextId?: string | undefined;
  /** All statuses when left out. */
  statuses?: readonly LedgerStatus[] | undefined;
  /** Only rows whose `nextAttemptAt` is null or not later than this. */
  dueBefore?: number | undefined;
  /**
   * `oldest`: by the memory's own time, rows without one last; ties by key. `newest`: the same backwards. Default `key`: by
   * (contextId, memoryId).
   */
  order?: "key" | "oldest" | "newest" | undefined;
}

export interface RowPage {
  rows: LedgerRow[];
  /** Hand it back as `after` to go on; null when this was the last page. */
  next: string | null;
}

export interface PageRequest {
  /** At least 1. */
  limit: number;
  /** `next` of the page before; from the beginning when left out or null. */
  after?: string | null | undefined;
}

export interface RunQuery extends PageRequest {
  /** All connectors when left out. */
  connectorId?: string | undefined;
}

export interface RunPage {
  runs: RunRecord[];
  next: string | null;
}

export type StatusCounts = Record<LedgerStatus, number>;

export interface WaitingMemories {
  /** How many wait for a transcript. */
  transcripts: number;
  /** How many wait for a medium that could not be read yet. */
  media: number;
  /** The own time of the oldest; null when there is none. */
  oldestAt: number | null;
}

/** What a connector remembers of a context between runs. Times are milliseconds since the epoch. */
export interface SyncState extends LedgerScope {
  /**
   * Every memory up to this moment was seen in a complete listing and, unless it is dead, is no longer unfinished.
   * Null before the first complete listing. Never later than the oldest unfinished memory.
   */
  watermark: number | null;
  /** When the last complete, untruncated listing began. */
  lastCompleteListingAt: number | null;
  /** The last listing came back truncated; says why. */
  truncated: string | null;
  /** How many memories the last complete listing held. */
  lastListingCount: number | null;
  learnt?: Learnt | undefined;
}

/** What a connector has learnt of a context beside where it stands. Plain data; times are milliseconds since the epoch. */
export type Learnt = {
  /** About lists of the source. */
  lore: SourceLore | null;
  /** When the last complete listing of each range began. */
  lookedAt: { readonly [range: string]: number };
  /** Where the next listing of changes begins, for a source that has them. */
  mark?: string;
  /** Where a listing of everything was interrupted, for a source that can go on from there. */
  resume?: string;
  /** Whose memories the source has shown, where it says so. */
  account?: string;
  /** Which LightRAG holds what was delivered. */
  sink?: string;
  /** What was wanted of the memories when all of them were listed last, as `SyncSettings.wanted`. */
  wanted?: string;
  /** Memories that the source showed outside of the connector's range, not delivered; and when they were counted. */
  outside: { count: number; at: number } | null;
};

export const nothingLearnt: Learnt = { lore: null, lookedAt: {}, outside: null };

/** Held while a run works on a connector. Releasing twice is harmless. */
export interface ConnectorLock {
  release(): Promise<void>;
}

/** The process that holds a connector's lock, as far as is known. */
export interface ConnectorHolder {
  /** For people: `process 4711 on host since …`. */
  name: string;
  /** By its own clock. Milliseconds since the epoch. */
  since: number | null;
  /** The run, or comparison, that it holds the lock for; null where it is none. */
  runId: string | null;
}

/** The rows of memories. */
export interface LedgerStore {
  getRows(scope: LedgerScope, memoryIds: readonly string[]): Promise<Map<string, LedgerRow>>;

  /** The row of a group's document and those of the notes in it, by memory id; empty for a group that is not known. */
  getGroup(scope: LedgerScope, groupKey: string): Promise<LedgerRow[]>;

  /** Of these ids, those that are not known, or known and unfinished; in the order given, without repeats. */
  getUnprocessedIds(scope: LedgerScope, memoryIds: readonly string[]): Promise<string[]>;

  /** Resolves to the rows as stored, that is with their new versions, in the order given. */
  saveRows(rows: readonly LedgerRow[]): Promise<LedgerRow[]>;

  /** At most `limit` rows. */
  pageRows(query: RowQuery, page: PageRequest): Promise<RowPage>;

  /** Keys that are not there are fine. */
  removeRows(keys: readonly LedgerKey[]): Promise<void>;

  countRows(connectorId: string): Promise<StatusCounts>;

  /**
   * Of each memory's words so many code points are kept from now on (before the first call: none), and no more stay of those that are
   * stored. Resolves to whether something went, by this call or by one that was interrupted, that `expunge` has yet to take out of the files.
   */
  keepTexts(characters: number): Promise<boolean>;

  /**
   * The own time of the oldest memory that is unfinished, of those later than `after` where it is given; null when none is.
   * Memories without a time do not count.
   */
  oldestUnfinished(scope: LedgerScope, after?: number): Promise<number | null>;

  /** The memories of a context that are skipped until their source shows what they lack; `oldestAt` of those later than `after`. */
  waiting(scope: LedgerScope, after?: number): Promise<WaitingMemories>;

  /** The earliest `nextAttemptAt` among rows of these statuses; null when none has one. */
  earliestAttempt(connectorId: string, statuses: readonly LedgerStatus[]): Promise<number | null>;
}

/** What the ledger answers about memories by index, however many there are. Documents of groups are no memories. */
export interface MemoryIndex {
  /**
   * Newest first, those without a time before all others. A page of a query that fits few of the memories that it has to look through may
   * hold fewer than `limit`, or none, and still have a `next`.
   */
  searchMemories(query: MemoryQuery, page: PageRequest): Promise<RowPage>;

  /** The documents of the same memories, in any order: where all of many are wanted, at a small part of what their rows cost. */
  pageMemoryDocuments(query: MemoryQuery, page: PageRequest): Promise<MemoryDocumentPage>;

  /** How many memories have their own time in the span, by status. */
  countInSpan(query: CountQuery, span: TimeSpan): Promise<StatusCounts>;

  /** The beginning of the time unit of the newest memory before this moment; null when there is none. */
  newestUnitBefore(query: CountQuery, before: number): Promise<number | null>;

  /** The most frequent facets of these kinds among the newest memories of a span, at most `looked` of which are looked at. */
  topFacets(query: CountQuery, ask: TopFacetsRequest): Promise<TopFacets>;

  /** How many memories have each facet of a kind, most frequent first, then by key. A count may change between two pages. */
  pageFacets(connectorId: string, ask: FacetPageRequest): Promise<FacetCount[]>;

  /** The same of these facets, in no order; those that no memory has are left out. */
  countFacets(connectorId: string, kind: FacetKind, keys: readonly string[]): Promise<FacetCount[]>;
}

/** Where each context stands, and how each run went. */
export interface HistoryStore {
  getSyncState(scope: LedgerScope): Promise<SyncState | null>;
  saveSyncState(state: SyncState): Promise<void>;

  /** Inserts or replaces by `runId`. */
  saveRun(run: RunRecord): Promise<void>;
  getRun(runId: string): Promise<RunRecord | null>;
  /** Newest first: by their place (`orderOf`), then `runId`, both descending. */
  listRuns(query: RunQuery): Promise<RunPage>;
  /** Removes runs that ended before this moment; resolves to how many. A run that never ended stays. */
  pruneRuns(before: number): Promise<number>;
  /**
   * Removes runs of the connector that have nothing to tell (`hasNothingToTell`) and of which it has `newer` newer ones; a few at a time, so that
   * a long history becomes shorter run by run.
   */
  thinRuns(connectorId: string, newer: number): Promise<void>;
}

/**
 * The port to everything that must survive the process. Contract:
 * - A promise that resolves has made its change durable (it survives `kill -9` and a power cut); one that rejects has changed
 *   nothing. Calls may be made concurrently; a change whose promise is still open may already show in what other calls read.
 * - `saveRows` is all or nothing. A row whose `version` differs from the stored one (0: not there) fails the call with
 *   `STATE_CONFLICT`, and one that would bring an erased memory back with `MEMORY_ERASED`. Rows are copied in and out: changing one afterwards changes nothing here. Their memories never change.
 * - Ids are any well-formed Unicode (`String.isWellFormed`), of any length; others are refused with `STATE_ID_INVALID`.
 * - Orders are by code points (SQL's "binary" order of UTF-8) and stable while rows change: a row that matches the query from the
 *   first page to the last, and keeps its own time, is yielded exactly once. A cursor of another list is `STATE_CURSOR_INVALID`.
 * - A change of a state whose file is not where it was opened throws `STATE_MOVED`. Damaged state throws `STATE_CORRUPT`, state of a newer program `STATE_TOO_NEW`, a full disk `STATE_DISK_FULL`, another failed write
 *   `STATE_WRITE_FAILED`, a failed read `STATE_READ_FAILED`. What the adapter could repair by itself, it has reported as a notice when
 *   it was opened. After `close` every call rejects with `STATE_CLOSED`; opened for reading only, changes reject with `STATE_READ_ONLY`.
 */
export interface StateManager extends LedgerStore, MemoryIndex, HistoryStore, ScheduleStore, RecordStores {
  /** Path or URL without secrets; for people. */
  readonly location: string;
  /** What was recovered or migrated on opening; sentences for people. Usually empty. */
  readonly notices: readonly string[];

  /** What programs have sent. Of an erased memory it keeps no text, from the moment of its entry in the list of erasures on. */
  readonly pushed: PushedMemories;

  /** What the processes that have this state open tell each other. */
  readonly board: Board;

  /** Answers that cost time or money to get again. The oldest are forgotten, see `valueBounds`. */
  readonly values: ValueCache;

  /**
   * Forgets what is known of a connector's memories: rows, sync states, backfill, budget, reconciliation (`ownership.ts`). Its runs stay,
   * and what was erased stays erased. Resolves to the number of rows. Interrupted half-way, it has forgotten the rest and some rows;
   * calling it again forgets all. Hold the connector's lock.
   */
  resetConnector(connectorId: string): Promise<number>;

  /**
   * Forgets the connector itself: its settings, its schedule, its pause. Beside a reset, so that a person may keep the ledger; what was
   * sent to it stays, see `pushed.forget`.
   */
  forgetConnector(connectorId: string): Promise<void>;

  /**
   * What keeps changes from being made, or null: `STATE_MOVED` while the file is not where it was opened; the last failed write until one
   * succeeds, which is tried here. Cheap while all is well. Never rejects.
   */
  condition(): Promise<ConnectorError | null>;

  /**
   * Leaves nothing of what was removed in the state's own files: the file is written anew, its log folded, one fresh copy takes the place
   * of the good copies. Resolves to the older states that were put aside beside it, which nobody touches and which may still hold it.
   */
  expunge(): Promise<string[]>;

  /**
   * Leaves nothing of what was removed in the log beside the state's file, unless another process keeps it in use: then it stays there until
   * the next call. Far cheaper than `expunge`. Never rejects.
   */
  foldLog(): Promise<void>;

  /**
   * At most one holder per connector over all processes, this one included. Throws `CONNECTOR_LOCKED`, naming the holder. A holder
   * that died has lost its lock. The lock keeps other runs away; it does not restrict the calls of this port. A run gives its id.
   */
  lockConnector(connectorId: string, runId?: string): Promise<ConnectorLock>;

  /**
   * Who holds a connector's lock at this moment, in whatever process, this one included; null when nobody does. One on another machine
   * that has not given its lock back counts as holding it, since not every file system shows locks between machines. To show, not to decide by: it may change at once. Works on a state that was opened for reading, and writes nothing.
   */
  holderOf(connectorId: string): Promise<ConnectorHolder | null>;

  /** Makes known, until the state is closed, that this process runs connectors by their schedules. */
  announceScheduler(): Promise<void>;

  /** The processes that have announced that, this one included. As `holderOf`, to show and without a write. */
  schedulers(): Promise<ConnectorHolder[]>;

  /** Whether a process, this one included, has the state open for writing at this moment. As `holderOf`, to show and without a write. */
  isInUse(): Promise<boolean>;

  /** How processes share the work of the connectors; null where one process alone hands it out to itself. */
  readonly sharedRuns: SharedRuns | null;

  /** Waits for writes under way and releases locks still held. Calling it twice is harmless. */
  close(): Promise<void>;
}
