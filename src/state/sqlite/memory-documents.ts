import type { SQLInputValue } from "node:sqlite";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import type { MemoryDocument, MemoryDocumentPage, MemoryQuery } from "../memory-query.ts";
import { ageWithoutTime } from "../row-rules.ts";
import type { PageRequest } from "../state-manager.ts";
import type { Prepare } from "./ledger-pages.ts";

/** Where a page ends: in the index by status and time, or in that of a facet. No caller of the program gets to see it. */
interface Position {
  status?: LedgerStatus;
  /** The id of its last row. */
  last?: number;
}

/** One value for a whole page: a row for each of many thousands of documents takes longer than to find them. Documents of groups are not memories. */
const namesOf = (
  rows: string,
) => `SELECT json_group_array(file_source) FILTER (WHERE group_key IS NULL) AS own,
    json_group_array(json_array(context_id, group_key, file_source)) FILTER (WHERE group_key <> memory_id) AS shared
  FROM (${rows} LIMIT :limit)`;

interface Place {
  age: number;
  context_id: string;
  memory_id: string;
}

type Parameters = Record<string, SQLInputValue>;

/** The documents of memories, whose rows need not be read: the conditions of these queries are those of one index. */
export class MemoryDocuments {
  readonly #prepare: Prepare;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  /** A page is of one status, so that the index has it in order. */
  ofStatuses(query: MemoryQuery, { limit, after }: PageRequest): MemoryDocumentPage {
    const statuses = query.statuses ?? ledgerStatuses;
    const { status = statuses[0], last } = readPosition(after);
    if (status === undefined) return { documents: [], next: null };
    const order = "age, context_id, memory_id";
    // Of two lower bounds of one column, an index would take the first.
    const begin = last === undefined ? "age >= :from" : `(${order}) > (:age, :context_id, :memory_id)`;
    const rows = `FROM ledger INDEXED BY ledger_by_age WHERE connector_id = :connector AND status = :status
      AND ${begin} AND age < :to ${query.contextId === undefined ? "" : "AND context_id = :context"} ORDER BY ${order}`;
    const { from, to } = spanOf(query);
    const parameters = {
      ...whose(query),
      status,
      to,
      ...(last === undefined ? { from } : this.#placeOf(last)),
    };
    const end = this.#lastOf(`SELECT id ${rows}`, parameters, limit);
    const documents = this.#documentsOf(`SELECT ledger.* ${rows}`, parameters, limit);
    const following = statuses[statuses.indexOf(status) + 1];
    if (end !== undefined) return pageOf(documents, { status, last: end });
    return pageOf(documents, following === undefined ? null : { status: following });
  }

  /** `ids` has one facet, or none when no memory has it. */
  ofFacet([facet]: readonly number[], query: MemoryQuery, { limit, after }: PageRequest): MemoryDocumentPage {
    if (facet === undefined) return { documents: [], next: null };
    const { last } = readPosition(after);
    const begin = last === undefined ? "each.age >= :from" : "(each.age, each.row_id) > (:age, :last)";
    const rows = `FROM memory_facet AS each CROSS JOIN ledger ON ledger.id = each.row_id
      WHERE each.facet_id = :facet AND ${begin} AND each.age < :to ORDER BY each.age, each.row_id`;
    const { from, to } = spanOf(query);
    const place = last === undefined ? { from } : { age: this.#placeOf(last).age, last };
    const parameters = { facet, to, ...place };
    const end = this.#lastOf(`SELECT each.row_id AS id ${rows}`, parameters, limit);
    const documents = this.#documentsOf(`SELECT ledger.* ${rows}`, parameters, limit);
    return pageOf(documents, end === undefined ? null : { last: end });
  }

  #placeOf(id: number): Place {
    const sql = "SELECT age, context_id, memory_id FROM ledger WHERE id = ?";
    const place = this.#prepare(sql).get(id) as unknown as Place | undefined;
    // Removed since: the walk begins anew, and what is found twice is one.
    return { ...(place ?? { age: Number.MIN_SAFE_INTEGER, context_id: "", memory_id: "" }) };
  }

  /** The id of the last row of a full page. */
  #lastOf(rows: string, parameters: Parameters, limit: number): number | undefined {
    const found = this.#prepare(`${rows} LIMIT 1 OFFSET :skipped`).get({ ...parameters, skipped: limit - 1 });
    return found === undefined ? undefined : Number(found.id);
  }

  #documentsOf(rows: string, parameters: Parameters, limit: number): MemoryDocument[] {
    const found = this.#prepare(namesOf(rows)).get({ ...parameters, limit });
    const { own, shared } = found as { own: string; shared: string };
    const names = JSON.parse(own) as string[];
    const ofGroups = JSON.parse(shared) as [string, string, string][];
    return [
      // Where a document is a memory's own, its name says the context.
      ...names.map((fileSource) => ({ contextId: "", groupKey: null, fileSource })),
      ...ofGroups.map(([contextId, groupKey, fileSource]) => ({ contextId, groupKey, fileSource })),
    ];
  }
}

function pageOf(documents: MemoryDocument[], next: Position | null): MemoryDocumentPage {
  return { documents, next: next === null ? null : JSON.stringify(next) };
}

function readPosition(after: string | null | undefined): Position {
  return after == null ? {} : (JSON.parse(after) as Position);
}

function whose({ connectorId, contextId }: MemoryQuery) {
  return { connector: connectorId, ...(contextId !== undefined && { context: contextId }) };
}

/** Memories without a time are in no span. */
function spanOf({ since, until }: MemoryQuery): { from: number; to: number } {
  const end = since === undefined ? ageWithoutTime + 1 : ageWithoutTime;
  return { from: since ?? Number.MIN_SAFE_INTEGER, to: until === undefined ? end : until + 1 };
}
