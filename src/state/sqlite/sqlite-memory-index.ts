import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { areasAround } from "../../domain/areas.ts";
import { ledgerStatuses } from "../../domain/ledger-row.ts";
import { beginOfSearch, countFacets, pageOfMatches, topOfEach } from "../memory-matches.ts";
import type {
  CountQuery,
  Facet,
  FacetCount,
  FacetKind,
  FacetPageRequest,
  MemoryDocumentPage,
  MemoryQuery,
  TimeSpan,
  TopFacets,
  TopFacetsRequest,
} from "../memory-query.ts";
import type { PageRequest, RowPage, StatusCounts } from "../state-manager.ts";
import type { MemoryIndexTable } from "../state-tables.ts";
import { sizeOfArea } from "./facet-schema.ts";
import { type Prepare, pageSql, preparedStatements } from "./ledger-pages.ts";
import { MemoryCounts } from "./memory-counts.ts";
import { MemoryDocuments } from "./memory-documents.ts";
import { rowColumns, rowOf, rowSource, type StoredRow } from "./stored-row.ts";

/** The most rows that one page of a search scans for matches. */
const maxScanned = 500;

/** Words in more memories than this are searched in the memories one by one, newest first: some are found soon. */
const maxWordMatches = 2_000;

const newestFirst = "ORDER BY age DESC, context_id DESC, memory_id DESC LIMIT :limit";
const behind = "(ledger.age, ledger.context_id, ledger.memory_id) < (:age, :contextId, :memoryId)";

interface Walk {
  sql: string;
  parameters: Record<string, SQLInputValue>;
}

/** Queries the index of `memory-index-schema.ts`. */
export class SqliteMemoryIndex implements MemoryIndexTable {
  readonly #prepare: Prepare;
  readonly #counts: MemoryCounts;
  readonly #documents: MemoryDocuments;

  constructor(database: DatabaseSync) {
    this.#prepare = preparedStatements(database);
    this.#counts = new MemoryCounts(this.#prepare);
    this.#documents = new MemoryDocuments(this.#prepare);
  }

  search(query: MemoryQuery, { limit, after }: PageRequest): RowPage {
    const position = beginOfSearch(query, after);
    const walk = this.#walkOf(query, position !== undefined);
    if (walk === null) return { rows: [], next: null };
    const most = isExact(query) ? limit + 1 : Math.max(maxScanned, limit + 1);
    const parameters = { ...walk.parameters, ...position, limit: most };
    const looked = this.#prepare(walk.sql).all(parameters) as unknown as StoredRow[];
    return pageOfMatches(looked.map(rowOf), looked.length < most, query, limit);
  }

  documents(query: MemoryQuery, page: PageRequest): MemoryDocumentPage {
    if (!isExact(query)) {
      const { rows, next } = this.search(query, page);
      return { documents: rows, next };
    }
    const facets = this.#facetIds(query);
    return facets === null
      ? this.#documents.ofStatuses(query, page)
      : this.#documents.ofFacet(facets, query, page);
  }

  countInSpan(query: CountQuery, span: TimeSpan): StatusCounts {
    return this.#counts.inSpan(query, span);
  }

  newestUnitBefore(query: CountQuery, before: number): number | null {
    return this.#counts.newestUnitBefore(query, before);
  }

  topFacets(query: CountQuery, { span: { from, to }, kinds, limit, looked }: TopFacetsRequest): TopFacets {
    const { connectorId, contextId, statuses = ledgerStatuses } = query;
    if (statuses.length === 0) return { facets: [], looked: 0 };
    const context = contextId === undefined ? "" : "AND context_id = :context";
    const walks = statuses.map(
      (status) => `SELECT keys, age FROM (SELECT facet_keys AS keys, age FROM ledger INDEXED BY ledger_by_age
        WHERE connector_id = :connector AND status = '${status}' AND age >= :from AND age < :to ${context}
        AND group_key IS NOT memory_id ORDER BY age DESC LIMIT :looked)`,
    );
    // Most periods have memories of one status: these are in order.
    const sql =
      walks.length === 1
        ? (walks[0] as string)
        : `SELECT keys FROM (${walks.join(" UNION ALL ")}) ORDER BY age DESC LIMIT :looked`;
    const found = this.#prepare(sql).all({
      ...{ connector: connectorId, from, to, looked },
      ...(contextId !== undefined && { context: contextId }),
    });
    const counts = countFacets(facetsIn(found as unknown as { keys: string | null }[]), kinds);
    return { facets: topOfEach(counts, { kinds, limit }), looked: found.length };
  }

  pageFacets(connectorId: string, { kind, size, limit, after }: FacetPageRequest): FacetCount[] {
    const sql = `SELECT kind, key, name, rows AS count FROM facet WHERE connector_id = :connector AND kind = :kind
        ${size === undefined ? "" : `AND kind = 'area' AND ${sizeOfArea} = :size`}
        ${after === undefined ? "" : "AND rows <= :count AND (rows < :count OR key > :key)"}
      ORDER BY rows DESC, key LIMIT :limit`;
    const parameters = { connector: connectorId, kind, limit, ...(size !== undefined && { size }), ...after };
    const found = this.#prepare(sql).all(parameters);
    return found.map((facet) => ({ ...(facet as unknown as FacetCount) }));
  }

  countFacets(connectorId: string, kind: FacetKind, keys: readonly string[]): FacetCount[] {
    const sql = `SELECT kind, key, name, rows AS count FROM facet WHERE connector_id = ? AND kind = ?
      AND key IN (SELECT value FROM json_each(?))`;
    const found = this.#prepare(sql).all(connectorId, kind, JSON.stringify(keys));
    return found.map((facet) => ({ ...(facet as unknown as FacetCount) }));
  }

  /** The rows to scan, by the most selective index; null when there are none. */
  #walkOf(query: MemoryQuery, hasPosition: boolean): Walk | null {
    const facets = this.#facetIds(query);
    if (facets?.length === 0) return null;
    const place = hasPosition ? `AND ${behind}` : "";
    const words = this.#wordsOf(query);
    if (words !== null) {
      const sql = `SELECT ${rowColumns} FROM ${rowSource} WHERE ledger.connector_id = :connector ${place}
        AND ledger.id IN (SELECT rowid FROM kept_word WHERE kept_word MATCH :words) ${newestFirst}`;
      return { sql, parameters: { connector: query.connectorId, words } };
    }
    if (facets !== null) return walkOfFacets(facets, hasPosition);
    const { connectorId, contextId, statuses } = query;
    if (statuses?.length === 0) return null;
    return pageSql({ connectorId, contextId, statuses, order: "newest" }, hasPosition);
  }

  /** The ids of the rarest facet, or of the areas around; null for a query without facets, empty when no memory has them. */
  #facetIds({ connectorId, facets = [], near }: MemoryQuery): number[] | null {
    const sql = "SELECT id, rows FROM facet WHERE connector_id = ? AND kind = ? AND key = ?";
    const find = (kind: FacetKind, key: string) =>
      this.#prepare(sql).get(connectorId, kind, key) as { id: number; rows: number } | undefined;
    const areas = near && areasAround(near.centre, near.radiusKm);
    const around = areas?.flatMap((area) => find("area", area) ?? []);
    const choices = facets.map(({ kind, key }) => [find(kind, key)].filter((found) => found !== undefined));
    if (around !== undefined) choices.push(around);
    const size = (found: readonly { rows: number }[]) => found.reduce((sum, { rows }) => sum + rows, 0);
    const [fewest] = choices.toSorted((a, b) => size(a) - size(b));
    return fewest === undefined ? null : fewest.map(({ id }) => id);
  }

  /** The words for the full-text index, if it has them and few memories have them all. */
  #wordsOf({ words = [] }: MemoryQuery): string | null {
    const long = words.filter((word) => [...word].length >= 3);
    if (long.length === 0) return null;
    const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND ");
    const sql = "SELECT count(*) AS rows FROM (SELECT 1 FROM kept_word WHERE kept_word MATCH ? LIMIT ?)";
    const { rows } = this.#prepare(sql).get(match, maxWordMatches + 1) as { rows: number };
    return rows > maxWordMatches ? null : match;
  }
}

function* facetsIn(rows: Iterable<{ keys: string | null }>): Generator<Facet[]> {
  for (const { keys } of rows) {
    const facets = JSON.parse(keys ?? "[]") as [FacetKind, string, string][];
    yield facets.map(([kind, key, name]) => ({ kind, key, name }));
  }
}

/** Whether every row of its walk matches, but for documents of groups. */
function isExact({ contextId, statuses, facets = [], near, words = [], errorCode }: MemoryQuery): boolean {
  if (near !== undefined || words.length > 0 || errorCode !== undefined) return false;
  return facets.length === 0 || (facets.length === 1 && contextId === undefined && statuses === undefined);
}

/** Each facet's memories are read from its index, newest first, and merged. */
function walkOfFacets(ids: readonly number[], hasPosition: boolean): Walk {
  const place = hasPosition ? `AND memory_facet.age <= :age AND ${behind}` : "";
  const order = "ORDER BY memory_facet.age DESC, context_id DESC, memory_id DESC LIMIT :limit";
  const walks = ids.map(
    (
      _,
      at,
    ) => `SELECT id FROM (SELECT ledger.id FROM memory_facet CROSS JOIN ledger ON ledger.id = memory_facet.row_id
      WHERE facet_id = :facet${at} ${place} ${order})`,
  );
  return {
    sql: `SELECT ${rowColumns} FROM ${rowSource} WHERE ledger.id IN (${walks.join(" UNION ALL ")}) ${newestFirst}`,
    parameters: Object.fromEntries(ids.map((id, at) => [`facet${at}`, id])),
  };
}
