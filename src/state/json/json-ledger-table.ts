import {
  type LedgerKey,
  type LedgerRow,
  type LedgerStatus,
  unfinishedStatuses,
} from "../../domain/ledger-row.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { ageCursor, keyCursor, newestCursor } from "../cursor.ts";
import { facetsOfRow } from "../memory-matches.ts";
import type { MemoryQuery } from "../memory-query.ts";
import { ageWithoutTime, keptText, noRows, versionConflict } from "../row-rules.ts";
import type {
  LedgerScope,
  PageRequest,
  RowPage,
  RowQuery,
  StatusCounts,
  WaitingMemories,
} from "../state-manager.ts";
import type { LedgerTable } from "../state-tables.ts";
import { copyOf, type JsonRecord, JsonTable, takePage, type UndoLog } from "./json-table.ts";

/** The sort keys of a row among the rows of its connector: by key, and by age. */
interface Place {
  contextId: string;
  memoryId: string;
  age: number;
}

type StoredRow = Place &
  JsonRecord &
  Pick<LedgerRow, "status" | "version" | "groupKey" | "memoryCreatedAt" | "nextAttemptAt" | "skipReason">;
type Rows = JsonTable<Place, StoredRow>;

/** A memory's time and status. */
export type MemoryTime = Pick<StoredRow, "contextId" | "memoryId" | "status" | "groupKey"> & {
  memoryCreatedAt: number;
};

/** The ledger in memory, a table for each connector. */
export class JsonLedgerTable implements LedgerTable {
  readonly #log: UndoLog;
  readonly #connectors = new Map<string, Rows>();
  readonly #facets = new WeakMap<StoredRow, ReadonlySet<string>>();

  constructor(log: UndoLog) {
    this.#log = log;
  }

  get(scope: LedgerScope, memoryId: string): LedgerRow | undefined {
    const stored = this.#find(scope, memoryId);
    return stored === undefined ? undefined : copyOf<LedgerRow>(stored);
  }

  group({ connectorId, contextId }: LedgerScope, groupKey: string): LedgerRow[] {
    const rows = [...this.#rowsOf(connectorId).inIdentityOrder()];
    return rows
      .filter((row) => row.contextId === contextId && row.groupKey === groupKey)
      .map((row) => copyOf<LedgerRow>(row));
  }

  isFinished(scope: LedgerScope, memoryId: string): boolean {
    const stored = this.#find(scope, memoryId);
    return stored !== undefined && !unfinishedStatuses.includes(stored.status);
  }

  save(row: LedgerRow): LedgerRow {
    const before = this.#find(row, row.memoryId);
    if ((before?.version ?? 0) !== row.version) throw versionConflict(row);
    const saved = { ...row, version: row.version + 1 };
    this.#rowsOf(row.connectorId).replace(before, storedRow(saved));
    return saved;
  }

  /** Loads a row from the file. */
  load(row: LedgerRow): void {
    this.#rowsOf(row.connectorId).replace(undefined, storedRow(row));
  }

  remove(key: LedgerKey): void {
    const before = this.#find(key, key.memoryId);
    if (before !== undefined) this.#rowsOf(key.connectorId).replace(before, undefined);
  }

  removeSome(connectorId: string, limit: number): number {
    const rows = this.#rowsOf(connectorId);
    const { shown } = takePage(rows.inIdentityOrder(), () => true, limit);
    for (const row of shown) rows.replace(row, undefined);
    return shown.length;
  }

  page(query: RowQuery, { limit, after }: PageRequest): RowPage {
    const order = orders[query.order ?? "key"];
    const walk = order.walk(this.#rowsOf(query.connectorId), after);
    const { shown, more } = takePage(walk, (row) => matches(row, query), limit);
    const last = more ? shown.at(-1) : undefined;
    const next = last === undefined ? null : order.cursor.encode(last);
    return { rows: shown.map((row) => copyOf<LedgerRow>(row)), next };
  }

  counts(connectorId: string): StatusCounts {
    const counts = noRows();
    for (const { status } of this.#rowsOf(connectorId).inIdentityOrder()) counts[status]++;
    return counts;
  }

  oldestUnfinished({ connectorId, contextId }: LedgerScope, after = Number.NEGATIVE_INFINITY): number | null {
    for (const row of this.#rowsOf(connectorId).inListingOrder()) {
      const counts = row.contextId === contextId && unfinishedStatuses.includes(row.status);
      if (counts && row.age > after) return row.memoryCreatedAt;
    }
    return null;
  }

  waiting({ connectorId, contextId }: LedgerScope, after = Number.NEGATIVE_INFINITY): WaitingMemories {
    const found: WaitingMemories = { transcripts: 0, media: 0, oldestAt: null };
    for (const row of this.#rowsOf(connectorId).inListingOrder()) {
      const reason = row.status === "skipped" && row.contextId === contextId ? row.skipReason : null;
      if (reason === "empty_transcript") found.transcripts += 1;
      else if (reason === "pending_media") found.media += 1;
      else continue;
      if (row.age > after) found.oldestAt ??= row.memoryCreatedAt;
    }
    return found;
  }

  earliestAttempt(connectorId: string, statuses: readonly LedgerStatus[]): number | null {
    let earliest: number | null = null;
    for (const { status, nextAttemptAt } of this.#rowsOf(connectorId).inIdentityOrder()) {
      if (nextAttemptAt === null || !statuses.includes(status)) continue;
      if (earliest === null || nextAttemptAt < earliest) earliest = nextAttemptAt;
    }
    return earliest;
  }

  /** The connector's rows with all of these facets, newest first, optionally after a position. */
  *newestFrom(connectorId: string, place?: Place, facets: MemoryQuery["facets"] = []): Generator<LedgerRow> {
    for (const row of this.#rowsOf(connectorId).inReverseListingOrder(place))
      if (facets.every(({ kind, key }) => this.#facetsOf(row).has(`${kind} ${key}`)))
        yield copyOf<LedgerRow>(row);
  }

  /** Computed once per row, from its text. */
  #facetsOf(row: StoredRow): ReadonlySet<string> {
    const known = this.#facets.get(row);
    if (known !== undefined) return known;
    const found = new Set(facetsOfRow(copyOf<LedgerRow>(row)).map(({ kind, key }) => `${kind} ${key}`));
    this.#facets.set(row, found);
    return found;
  }

  /** The times of the connector's memories before a moment, newest first. */
  *timesBefore(connectorId: string, before: number): Generator<MemoryTime> {
    const rows = this.#rowsOf(connectorId).inReverseListingOrder({
      age: before,
      contextId: "",
      memoryId: "",
    });
    for (const row of rows) if (row.memoryCreatedAt !== null) yield row as MemoryTime;
  }

  hasLongerTexts(most: number): boolean {
    const isLonger = ({ json }: StoredRow) => {
      const { text } = JSON.parse(json) as LedgerRow;
      return keptText(text, most) !== text;
    };
    return [...this.#connectors.values()].some((rows) => [...rows.inIdentityOrder()].some(isLonger));
  }

  /** Cuts all rows at once, because every change writes the whole file. */
  cutTexts(most: number): void {
    for (const rows of this.#connectors.values()) {
      for (const stored of [...rows.inIdentityOrder()]) {
        const row = copyOf<LedgerRow>(stored);
        const text = keptText(row.text, most);
        if (text === row.text) continue;
        rows.replace(stored, storedRow({ ...row, text }));
      }
    }
  }

  /** The text of every row. */
  *texts(): Generator<string> {
    for (const rows of this.#connectors.values()) {
      for (const { json } of rows.inIdentityOrder()) yield json;
    }
  }

  #find({ connectorId, contextId }: LedgerScope, memoryId: string): StoredRow | undefined {
    return this.#connectors.get(connectorId)?.find({ contextId, memoryId, age: 0 });
  }

  #rowsOf(connectorId: string): Rows {
    let rows = this.#connectors.get(connectorId);
    if (rows === undefined) {
      rows = new JsonTable(this.#log, { identity: compareKeys, listing: compareAges });
      this.#connectors.set(connectorId, rows);
    }
    return rows;
  }
}

interface Order {
  walk(rows: Rows, after: string | null | undefined): Iterable<StoredRow>;
  cursor: { encode(row: StoredRow): string };
}

const orders: Readonly<Record<NonNullable<RowQuery["order"]>, Order>> = {
  key: {
    walk: (rows, after) => rows.inIdentityOrder(placeOf(keyCursor.decode(after))),
    cursor: keyCursor,
  },
  oldest: { walk: (rows, after) => rows.inListingOrder(ageCursor.decode(after)), cursor: ageCursor },
  newest: {
    walk: (rows, after) => rows.inReverseListingOrder(newestCursor.decode(after)),
    cursor: newestCursor,
  },
};

/** The order by key ignores the age. */
function placeOf(key: Pick<Place, "contextId" | "memoryId"> | undefined): Place | undefined {
  return key && { ...key, age: 0 };
}

function compareKeys(a: Place, b: Place): number {
  return compareCodePoints(a.contextId, b.contextId) || compareCodePoints(a.memoryId, b.memoryId);
}

function compareAges(a: Place, b: Place): number {
  return a.age - b.age || compareKeys(a, b);
}

function matches(row: StoredRow, { contextId, statuses, dueBefore }: RowQuery): boolean {
  if (contextId !== undefined && row.contextId !== contextId) return false;
  if (statuses !== undefined && !statuses.includes(row.status)) return false;
  return dueBefore === undefined || row.nextAttemptAt === null || row.nextAttemptAt <= dueBefore;
}

function storedRow(row: LedgerRow): StoredRow {
  const { contextId, memoryId, status, version, groupKey, memoryCreatedAt, nextAttemptAt, skipReason } = row;
  const age = memoryCreatedAt ?? ageWithoutTime;
  const json = JSON.stringify(row);
  return {
    contextId,
    memoryId,
    age,
    status,
    version,
    groupKey,
    memoryCreatedAt,
    nextAttemptAt,
    skipReason,
    json,
  };
}
