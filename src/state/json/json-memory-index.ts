import type { LedgerRow } from "../../domain/ledger-row.ts";
import {
  beginOfSearch,
  byFrequency,
  countFacets,
  facetsOfRow,
  pageOfMatches,
  topOfEach,
  unitOf,
} from "../memory-matches.ts";
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
import { noRows } from "../row-rules.ts";
import type { PageRequest, RowPage, StatusCounts } from "../state-manager.ts";
import type { MemoryIndexTable } from "../state-tables.ts";
import type { JsonLedgerTable, MemoryTime } from "./json-ledger-table.ts";

/** The most rows that one page of a search scans for matches. */
const maxScanned = 500;

/** Finds and counts memories by a scan of the rows, which are all in memory. */
export class JsonMemoryIndex implements MemoryIndexTable {
  readonly #ledger: JsonLedgerTable;

  constructor(ledger: JsonLedgerTable) {
    this.#ledger = ledger;
  }

  search(query: MemoryQuery, { limit, after }: PageRequest): RowPage {
    const most = Math.max(maxScanned, limit + 1);
    const looked: LedgerRow[] = [];
    const begin = beginOfSearch(query, after);
    for (const row of this.#ledger.newestFrom(query.connectorId, begin, query.facets)) {
      looked.push(row);
      if (looked.length === most) break;
    }
    return pageOfMatches(looked, looked.length < most, query, limit);
  }

  documents(query: MemoryQuery, page: PageRequest): MemoryDocumentPage {
    const { rows, next } = this.search(query, page);
    return { documents: rows, next };
  }

  countInSpan(query: CountQuery, span: TimeSpan): StatusCounts {
    const counts = noRows();
    for (const row of this.#ledger.timesBefore(query.connectorId, span.to)) {
      if (row.memoryCreatedAt < span.from) break;
      if (counted(row, query)) counts[row.status] += 1;
    }
    return counts;
  }

  newestUnitBefore(query: CountQuery, before: number): number | null {
    for (const row of this.#ledger.timesBefore(query.connectorId, before))
      if (counted(row, query)) return unitOf(row.memoryCreatedAt);
    return null;
  }

  topFacets(query: CountQuery, { span, kinds, limit, looked: most }: TopFacetsRequest): TopFacets {
    const { connectorId, contextId, statuses } = query;
    const wanted = { connectorId, contextId, statuses, since: span.from, until: span.to - 1 };
    const rows: LedgerRow[] = [];
    for (let after: string | null = null; rows.length < most; ) {
      const page = this.search(wanted, { limit: most - rows.length, after });
      rows.push(...page.rows);
      after = page.next;
      if (after === null) break;
    }
    const counts = countFacets(facetsOfEach(rows), kinds);
    return { facets: topOfEach(counts, { kinds, limit }), looked: rows.length };
  }

  pageFacets(connectorId: string, { kind, size, limit, after }: FacetPageRequest): FacetCount[] {
    const counts = countFacets(facetsOfEach(this.#ledger.newestFrom(connectorId)), [kind]);
    const isBehind = ({ count, key }: FacetCount) =>
      after === undefined || byFrequency({ count, key }, after) > 0;
    return counts
      .filter((facet) => (size === undefined || facet.key.startsWith(`${size}:`)) && isBehind(facet))
      .slice(0, limit);
  }

  countFacets(connectorId: string, kind: FacetKind, keys: readonly string[]): FacetCount[] {
    return countFacets(facetsOfEach(this.#ledger.newestFrom(connectorId)), [kind]).filter(({ key }) =>
      keys.includes(key),
    );
  }
}

function counted(row: MemoryTime, { contextId, statuses }: CountQuery): boolean {
  if (contextId !== undefined && row.contextId !== contextId) return false;
  return row.groupKey !== row.memoryId && (statuses === undefined || statuses.includes(row.status));
}

function* facetsOfEach(rows: Iterable<LedgerRow>): Generator<Facet[]> {
  for (const row of rows) yield facetsOfRow(row);
}
