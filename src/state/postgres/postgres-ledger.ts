import type { LedgerRow } from "../../domain/ledger-row.ts";
import { companionsOf, erasureId, type StoredSources } from "../erasure-store.ts";
import { type ReadRecords, requireNotErased } from "../erasures-over-tables.ts";
import { copyOfRow, keptText, requireWellFormed, textsAreTruncated } from "../row-rules.ts";
import type { LedgerStore, MemoryIndex } from "../state-manager.ts";
import type { RecordTable } from "../state-tables.ts";
import type { Leases } from "./leases.ts";
import type { PostgresLedgerTable } from "./ledger-table.ts";
import type { PostgresMemoryIndex } from "./memory-index.ts";
import type { PostgresAccess } from "./postgres-access.ts";
import type { SmallTables } from "./small-tables.ts";
import type { SqlClient } from "./sql-pool.ts";
import { keyOf } from "./stored-text.ts";

interface LedgerParts {
  access: PostgresAccess;
  table: PostgresLedgerTable;
  memories: PostgresMemoryIndex;
  small: SmallTables;
  leases: Leases;
  now(): number;
}

/** The ledger over its table: rows in bulk, each call one message where it can be. */
export function postgresLedger({ access, table, small, leases, now }: LedgerParts): LedgerStore {
  const { read, change } = access;
  let keptCharacters = 0;
  return {
    getRows: async (scope, memoryIds) => {
      if (memoryIds.length === 0) return new Map();
      const rows = await read((client) => table.getAll(client, scope, memoryIds));
      const byId = new Map(rows.map((row) => [row.memoryId, row]));
      return new Map(memoryIds.flatMap((id) => inEntry(id, byId.get(id))));
    },
    getGroup: (scope, groupKey) => read((client) => table.group(client, scope, groupKey)),
    getUnprocessedIds: async (scope, memoryIds) => {
      const asked = [...new Set(memoryIds)];
      if (asked.length === 0) return [];
      const finished = await read((client) => table.finishedAmong(client, scope, asked));
      return asked.filter((id) => !finished.has(keyOf(id)));
    },
    saveRows: async (rows) => {
      for (const row of rows) requireWellFormed(row.connectorId, row.contextId, row.memoryId);
      const copies = rows.map((row) => ({ ...copyOfRow(row), text: keptText(row.text, keptCharacters) }));
      return change(async (client) => {
        await leases.require(client, connectorsOf(copies));
        requireNotErased(await erasuresOf(client, small, copies), copies);
        return table.saveAll(client, copies);
      });
    },
    pageRows: (query, page) => read((client) => table.page(client, query, page)),
    removeRows: async (keys) => {
      const copies = structuredClone(keys);
      if (copies.length === 0) return;
      await change(async (client) => {
        await leases.require(client, connectorsOf(copies));
        await table.removeAll(client, copies);
      });
    },
    keepTexts: async (characters) => {
      keptCharacters = characters;
      while (await read((client) => table.hasLongerTexts(client, characters)))
        await change(async (client) => {
          await small.values.put(client, textsAreTruncated, true, now());
          await table.cutTexts(client, characters);
        });
      return read(async (client) => (await small.values.get(client, textsAreTruncated)) !== undefined);
    },
    countRows: (connectorId) => read((client) => table.counts(client, connectorId)),
    oldestUnfinished: (scope, after) => read((client) => table.oldestUnfinished(client, scope, after)),
    waiting: (scope, after) => read((client) => table.waiting(client, scope, after)),
    earliestAttempt: (connectorId, statuses) =>
      read((client) => table.earliestAttempt(client, connectorId, statuses)),
  };
}

export function postgresMemories({ access: { read }, memories }: LedgerParts): MemoryIndex {
  return {
    searchMemories: (query, page) => read((client) => memories.search(client, query, page)),
    pageMemoryDocuments: async (query, page) => {
      const { rows, next } = await read((client) => memories.search(client, query, page));
      return { documents: rows, next };
    },
    countInSpan: (query, span) => read((client) => memories.countInSpan(client, query, span)),
    newestUnitBefore: (query, before) => read((client) => memories.newestUnitBefore(client, query, before)),
    topFacets: (query, ask) => read((client) => memories.topFacets(client, query, ask)),
    pageFacets: (connectorId, ask) => read((client) => memories.pageFacets(client, connectorId, ask)),
    countFacets: (connectorId, kind, keys) =>
      read((client) => memories.countFacets(client, connectorId, kind, keys)),
  };
}

const inEntry = (id: string, row: LedgerRow | undefined): [string, LedgerRow][] =>
  row === undefined ? [] : [[id, row]];

const connectorsOf = (keys: readonly { connectorId: string }[]) => keys.map(({ connectorId }) => connectorId);

/** What the list of erasures says of these rows, fetched at once, for the rule that all backends share. */
async function erasuresOf(
  client: SqlClient,
  { records }: SmallTables,
  rows: readonly LedgerRow[],
): Promise<ReadRecords> {
  const some = await aFirstErasure(client, records);
  if (some.length === 0) return { get: () => undefined, list: () => [], page: () => [] };
  const sources = (await records.list(client, "source")) as StoredSources[];
  const ids = new Set<string>();
  for (const row of rows)
    for (const connectorId of companionsOf(row.connectorId, sources))
      ids.add(erasureId({ ...row, connectorId }));
  const found = new Map<string, unknown>();
  for (const { id, record } of await records.among(client, "erasure", [...ids])) found.set(id, record);
  return { get: (_, id) => found.get(id), list: () => sources, page: () => some };
}

/** Within a transaction no erasure is added by others, who would have to be alone for that; so one look is enough for all of its rows. */
const firstErasures = new WeakMap<SqlClient, ReturnType<RecordTable["page"]>>();

async function aFirstErasure(client: SqlClient, records: SmallTables["records"]) {
  const known = firstErasures.get(client);
  if (known !== undefined) return known;
  const found = await records.page(client, "erasure", { after: null, limit: 1, reverse: false });
  firstErasures.set(client, found);
  return found;
}
