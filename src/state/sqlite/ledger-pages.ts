import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { ageCursor, keyCursor, newestCursor } from "../cursor.ts";
import type { PageRequest, RowPage, RowQuery } from "../state-manager.ts";
import { rowOf, type StoredRow, selectRow } from "./stored-row.ts";

/** The statement of a text. */
export type Prepare = (sql: string) => StatementSync;

/** Prepares each statement once, for tables whose statements depend on the query. */
export function preparedStatements(database: DatabaseSync): Prepare {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
}

const byAge = {
  columns: "age, context_id, memory_id",
  sorted: "age, context_id, memory_id",
  behind: "> (:age, :contextId, :memoryId)",
};

const orders = {
  key: {
    columns: "context_id, memory_id",
    sorted: "context_id, memory_id",
    behind: "> (:contextId, :memoryId)",
    cursor: keyCursor,
  },
  oldest: { ...byAge, cursor: ageCursor },
  newest: {
    ...byAge,
    sorted: "age DESC, context_id DESC, memory_id DESC",
    behind: "< (:age, :contextId, :memoryId)",
    cursor: newestCursor,
  },
} as const;

type PagedRow = StoredRow & { age: number };

/**
 * One page of a connector's rows. The cost depends on the page, not on the ledger: every part of the query scans an index in order.
 */
export function pageRows(query: RowQuery, { limit, after }: PageRequest, prepare: Prepare): RowPage {
  const order = orders[query.order ?? "key"];
  const position = order.cursor.decode(after);
  if (query.statuses?.length === 0) return { rows: [], next: null };
  const { sql, parameters } = pageSql(query, position !== undefined);
  const found = prepare(sql).all({ ...parameters, ...position, limit: limit + 1 });
  const shown = found.slice(0, limit) as unknown as PagedRow[];
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { rows: shown.map(rowOf), next: last === undefined ? null : order.cursor.encode(placeOf(last)) };
}

function placeOf(row: PagedRow) {
  return { age: row.age, contextId: row.context_id, memoryId: row.memory_id };
}

function filtersOf({ connectorId, contextId, dueBefore }: RowQuery) {
  const filters = ["connector_id = :connector"];
  const parameters: Record<string, SQLInputValue> = { connector: connectorId };
  if (contextId !== undefined) {
    filters.push("context_id = :context");
    parameters.context = contextId;
  }
  if (dueBefore !== undefined) {
    filters.push("(next_attempt_at IS NULL OR next_attempt_at <= :due)");
    parameters.due = dueBefore;
  }
  return { filters, parameters };
}

/**
 * An index returns rows of one status in order; rows of several are merged from one index scan per status, each no longer than the
 * page. A single scan with `status IN (…)` would have to read and sort every row of these statuses for each page.
 */
export function pageSql(query: RowQuery, hasPosition: boolean) {
  const { sorted, columns, behind } = orders[query.order ?? "key"];
  const { filters, parameters } = filtersOf(query);
  if (hasPosition) filters.push(`(${columns}) ${behind}`);
  const walks = statusFilters(query).map((status) => {
    const where = [...filters, ...status].join(" AND ");
    return `SELECT id FROM (SELECT id FROM ledger WHERE ${where} ORDER BY ${sorted} LIMIT :limit)`;
  });
  const sql = `${selectRow} WHERE ledger.id IN (${walks.join(" UNION ALL ")}) ORDER BY ${sorted} LIMIT :limit`;
  return { sql, parameters };
}

/** One set of filters per scan. The index by key serves all statuses at once, the one by age does not. */
function statusFilters(query: RowQuery): string[][] {
  if (query.statuses === undefined && (query.order ?? "key") === "key") return [[]];
  const wanted = new Set<LedgerStatus>(query.statuses ?? ledgerStatuses);
  return ledgerStatuses.filter((status) => wanted.has(status)).map((status) => [`status = '${status}'`]);
}
