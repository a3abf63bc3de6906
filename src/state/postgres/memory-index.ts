import { areasAround } from "../../domain/areas.ts";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { foldText } from "../../kernel/util/text.ts";
import { beginOfSearch, countFacets, pageOfMatches, topOfEach, unitOf } from "../memory-matches.ts";
import type {
  CountQuery,
  Facet,
  FacetCount,
  FacetKind,
  FacetPageRequest,
  MemoryQuery,
  TimeSpan,
  TopFacets,
  TopFacetsRequest,
} from "../memory-query.ts";
import { ageWithoutTime, noRows } from "../row-rules.ts";
import type { PageRequest, RowPage, StatusCounts } from "../state-manager.ts";
import { sizeOfArea } from "./migrations.ts";
import { numberOf, type SqlClient, type TableNames } from "./sql-pool.ts";
import { rowColumns, rowOf } from "./stored-row.ts";
import { isShortened, keyOf, storedText, textOf } from "./stored-text.ts";

/** The most rows that one page of a search looks at where SQL cannot tell whether they match. */
const maxScanned = 500;

const newestFirst = "ORDER BY age DESC, context_id DESC, memory_id DESC";

/** Finds and counts memories by the indexes that triggers keep (`migrations.ts`). Which of them serves a question best is PostgreSQL's to know. */
export class PostgresMemoryIndex {
  readonly #t: TableNames;

  constructor(tables: TableNames) {
    this.#t = tables;
  }

  async search(client: SqlClient, query: MemoryQuery, { limit, after }: PageRequest): Promise<RowPage> {
    const { values, filters } = this.#filtersOf(query);
    const position = beginOfSearch(query, after);
    if (position !== undefined) {
      const place = [position.age, keyOf(position.contextId), keyOf(position.memoryId)];
      const begin = place.map((part) => `$${values.push(part)}`).join(", ");
      filters.push(`(age, context_id, memory_id) < (${begin})`);
    }
    const most = isExact(query) ? limit + 1 : Math.max(maxScanned, limit + 1);
    const sql = `SELECT ${rowColumns} FROM ${this.#t.ledger} AS ledger WHERE ${filters.join(" AND ")}
      ${newestFirst} LIMIT $${values.push(most)}`;
    const { rows } = await client.query(sql, values);
    return pageOfMatches(rows.map(rowOf), rows.length < most, query, limit);
  }

  async countInSpan(client: SqlClient, query: CountQuery, { from, to }: TimeSpan): Promise<StatusCounts> {
    const { values, filters } = this.#filtersOf(query);
    const [begin, end] = [values.push(timeOf(from)), values.push(Math.min(timeOf(to), ageWithoutTime))];
    const sql = `SELECT status, count(*) AS rows FROM ${this.#t.ledger} AS ledger
      WHERE ${filters.join(" AND ")} AND age >= $${begin} AND age < $${end} GROUP BY status`;
    const counts = noRows();
    for (const { status, rows } of (await client.query(sql, values)).rows)
      counts[status as LedgerStatus] = numberOf(rows);
    return counts;
  }

  async newestUnitBefore(client: SqlClient, query: CountQuery, before: number): Promise<number | null> {
    const { values, filters } = this.#filtersOf(query);
    const end = values.push(Math.min(timeOf(before), ageWithoutTime));
    const sql = `SELECT age FROM ${this.#t.ledger} AS ledger WHERE ${filters.join(" AND ")} AND age < $${end}
      ORDER BY age DESC LIMIT 1`;
    const [newest] = (await client.query(sql, values)).rows;
    return newest === undefined ? null : unitOf(numberOf(newest.age));
  }

  async topFacets(
    client: SqlClient,
    query: CountQuery,
    { span: { from, to }, kinds, limit, looked }: TopFacetsRequest,
  ): Promise<TopFacets> {
    const { values, filters } = this.#filtersOf(query);
    const [begin, end, most] = [values.push(timeOf(from)), values.push(timeOf(to)), values.push(looked)];
    const sql = `SELECT facets::text AS facets FROM ${this.#t.ledger} AS ledger
      WHERE ${filters.join(" AND ")} AND age >= $${begin} AND age < $${end} ${newestFirst} LIMIT $${most}`;
    const { rows } = await client.query(sql, values);
    const counts = countFacets(rows.map(facetsIn), kinds);
    return { facets: topOfEach(counts, { kinds, limit }), looked: rows.length };
  }

  async pageFacets(client: SqlClient, connectorId: string, ask: FacetPageRequest): Promise<FacetCount[]> {
    const { kind, size, limit, after } = ask;
    const values: unknown[] = [keyOf(connectorId), kind, limit];
    const filters = ["connector_id = $1", "kind = $2"];
    if (size !== undefined) filters.push(`kind = 'area' AND ${sizeOfArea} = $${values.push(String(size))}`);
    if (after !== undefined) {
      const [count, key] = [values.push(after.count), values.push(keyOf(after.key))];
      filters.push(`(rows < $${count} OR (rows = $${count} AND key > $${key}))`);
    }
    const sql = `SELECT kind, key, name, rows FROM ${this.#t.facet} WHERE ${filters.join(" AND ")} ORDER BY rows DESC, key LIMIT $3`;
    return (await client.query(sql, values)).rows.map(countOf);
  }

  async countFacets(
    client: SqlClient,
    connectorId: string,
    kind: FacetKind,
    keys: readonly string[],
  ): Promise<FacetCount[]> {
    const sql = `SELECT kind, key, name, rows FROM ${this.#t.facet}
      WHERE connector_id = $1 AND kind = $2 AND key = ANY ($3::text[])`;
    return (await client.query(sql, [keyOf(connectorId), kind, keys.map(keyOf)])).rows.map(countOf);
  }

  /** The conditions that SQL can tell, of rows called `ledger`. */
  #filtersOf(query: MemoryQuery): { values: unknown[]; filters: string[] } {
    const { connectorId, contextId, statuses, facets = [], near, words = [] } = query;
    const values: unknown[] = [keyOf(connectorId)];
    const filters = ["connector_id = $1", "NOT is_group"];
    if (contextId !== undefined) filters.push(`context_id = $${values.push(keyOf(contextId))}`);
    if (statuses !== undefined && statuses.length < ledgerStatuses.length)
      filters.push(`status = ANY ($${values.push(statuses)}::text[])`);
    const hasOneOf = (kind: FacetKind, keys: readonly string[]) => {
      const [name, list] = [values.push(kind), values.push(keys.map(keyOf))];
      filters.push(`id IN (SELECT row_id FROM ${this.#t.memory_facet} JOIN ${this.#t.facet} AS facet ON facet.id = facet_id
        WHERE facet.connector_id = $1 AND facet.kind = $${name} AND facet.key = ANY ($${list}::text[]))`);
    };
    for (const { kind, key } of facets) hasOneOf(kind, [key]);
    const areas = near === undefined ? null : areasAround(near.centre, near.radiusKm);
    if (areas !== null) hasOneOf("area", areas);
    for (const word of words) filters.push(`strpos(folded, $${values.push(storedText(word))}) > 0`);
    return { values, filters };
  }
}

/** A span may have no end; SQL's whole numbers have one. */
function timeOf(at: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(at, Number.MAX_SAFE_INTEGER));
}

/** Whether SQL tells all of the conditions. */
function isExact({ near, errorCode }: MemoryQuery): boolean {
  return near === undefined && errorCode === undefined;
}

function facetsIn({ facets }: Record<string, unknown>): Facet[] {
  const stored = JSON.parse(String(facets ?? "[]")) as [FacetKind, string, string][];
  return stored.map(([kind, key, name]) => facetOf(kind, key, name));
}

function countOf({ kind, key, name, rows }: Record<string, unknown>): FacetCount {
  return { ...facetOf(kind as FacetKind, String(key), String(name)), count: numberOf(rows) };
}

/** Of a very long key the name says the whole. */
function facetOf(kind: FacetKind, key: string, stored: string): Facet {
  const name = textOf(stored);
  return { kind, key: isShortened(key) ? foldText(name) : textOf(key), name };
}
