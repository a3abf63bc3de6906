import type { SQLInputValue, StatementSync } from "node:sqlite";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { type LedgerStatus, ledgerStatuses } from "../ledger-row.ts";
import type { PageRequest, RowPage, RowQuery } from "../state-manager.ts";
import { rowOf, type StoredRow, selectRow } from "./stored-row.ts";

const orders = {
  key: { columns: "context_id, memory_id", kinds: ["string", "string"] },
  oldest: { columns: "age, context_id, memory_id", kinds: ["number", "string", "string"] },
} as const;

type PagedRow = StoredRow & { age: number };

/** One page of a connector's rows. The cost follows the page, not the ledger: every part of the query walks an index in order. */
export function pageRows(
  query: RowQuery,
  { limit, after }: PageRequest,
  prepare: (sql: string) => StatementSync,
): RowPage {
  if (query.statuses?.length === 0) return { rows: [], next: null };
  const { sql, parameters } = pageStatement(query, limit + 1, after);
  const found = prepare(sql).all(parameters) as unknown as PagedRow[];
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { rows: shown.map(rowOf), next: last === undefined ? null : cursorAt(last, query.order ?? "key") };
}

function cursorAt(row: PagedRow, order: "key" | "oldest"): string {
  const key = [row.context_id, row.memory_id];
  return encodeCursor(order, order === "oldest" ? [row.age, ...key] : key);
}

/**
 * Rows of one status come out of an index in order; rows of several are merged from one such walk per status, each no longer than
 * the page. A single walk with `status IN (…)` would have to read and sort every row of these statuses for each page.
 */
export function pageStatement(query: RowQuery, limit: number, after: string | null | undefined) {
  const order = query.order ?? "key";
  const { columns, kinds } = orders[order];
  const position = decodeCursor(order, after, kinds);
  const filters = ["connector_id = :connector"];
  const parameters: Record<string, SQLInputValue> = { connector: query.connectorId, limit };
  if (query.contextId !== undefined) {
    filters.push("context_id = :context");
    parameters.context = query.contextId;
  }
  if (query.dueBefore !== undefined) {
    filters.push("(next_attempt_at IS NULL OR next_attempt_at <= :due)");
    parameters.due = query.dueBefore;
  }
  if (position !== null) {
    filters.push(`(${columns}) > (${position.map((_, at) => `:after${at}`).join(", ")})`);
    for (const [at, part] of position.entries()) parameters[`after${at}`] = part;
  }
  const walks = statusFilters(query).map((status) => walk([...filters, ...status], columns));
  const sql = `${selectRow} WHERE ledger.id IN (${walks.join(" UNION ALL ")}) ORDER BY ${columns} LIMIT :limit`;
  return { sql, parameters };
}

/** One set of filters per walk. The index by key serves all statuses at once, the one by age does not. */
function statusFilters(query: RowQuery): string[][] {
  if (query.statuses === undefined && query.order !== "oldest") return [[]];
  const wanted = new Set<LedgerStatus>(query.statuses ?? ledgerStatuses);
  return ledgerStatuses.filter((status) => wanted.has(status)).map((status) => [`status = '${status}'`]);
}

function walk(filters: readonly string[], columns: string): string {
  return `SELECT id FROM (SELECT id FROM ledger WHERE ${filters.join(" AND ")} ORDER BY ${columns} LIMIT :limit)`;
}
