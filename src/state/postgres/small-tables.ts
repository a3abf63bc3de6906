import type { LedgerKey } from "../../domain/ledger-row.ts";
import type { PushedMemory } from "../../domain/pushed-memory.ts";
import { orderOf, type RunRecord } from "../../domain/run-record.ts";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import { runCursor } from "../cursor.ts";
import type { RecordCollection } from "../ownership.ts";
import type { ScheduleState } from "../schedule-state.ts";
import type { LedgerScope, RunQuery, SyncState } from "../state-manager.ts";
import type { RecordPage } from "../state-tables.ts";
import { ringing } from "./bell.ts";
import type { RemoteTables } from "./played-tables.ts";
import { numberOf, type SqlClient, type TableNames } from "./sql-pool.ts";
import { keyOf, storedText, textOf } from "./stored-text.ts";

/** Everything but the ledger; transactions are the caller's. Contents are JSON, in which no character is one that PostgreSQL refuses. */
export function smallTables(t: TableNames, schema: string) {
  return {
    syncStates: syncStates(t),
    runs: runs(t),
    schedules: schedules(t),
    records: records(t, schema),
    values: values(t),
    pushed: pushed(t),
  } satisfies Omit<RemoteTables, "ledger">;
}

export type SmallTables = ReturnType<typeof smallTables>;

async function contentsOf<Content>(
  client: SqlClient,
  sql: string,
  values: readonly unknown[],
): Promise<Content[]> {
  const { rows } = await client.query(sql, values);
  return rows.map(({ content }) => JSON.parse(String(content)) as Content);
}

/** How many rows a statement that ends in `RETURNING 1` has changed. */
async function changedBy(client: SqlClient, sql: string, values: readonly unknown[]): Promise<number> {
  return (await client.query(sql, values)).rows.length;
}

function syncStates({ sync_state: table }: TableNames): RemoteTables["syncStates"] {
  return {
    get: async (client, { connectorId, contextId }: LedgerScope) => {
      const sql = `SELECT content FROM ${table} WHERE connector_id = $1 AND context_id = $2`;
      const [found] = await contentsOf<SyncState>(client, sql, [keyOf(connectorId), keyOf(contextId)]);
      return found ?? null;
    },
    save: async (client, state: SyncState) => {
      const sql = `INSERT INTO ${table} VALUES ($1, $2, $3)
        ON CONFLICT (connector_id, context_id) DO UPDATE SET content = excluded.content`;
      await client.query(sql, [keyOf(state.connectorId), keyOf(state.contextId), JSON.stringify(state)]);
    },
    removeConnector: async (client, connectorId: string) => {
      await client.query(`DELETE FROM ${table} WHERE connector_id = $1`, [keyOf(connectorId)]);
    },
  };
}

function runs({ run: table }: TableNames): RemoteTables["runs"] {
  return {
    save: async (client, run: RunRecord) => {
      const sql = `INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5) ON CONFLICT (run_id) DO UPDATE SET
        connector_id = excluded.connector_id, started_at = excluded.started_at, ended_at = excluded.ended_at, content = excluded.content`;
      const keys = [keyOf(run.runId), keyOf(run.connectorId)];
      await client.query(sql, [...keys, orderOf(run), run.endedAt, JSON.stringify(run)]);
    },
    get: async (client, runId: string) => {
      const sql = `SELECT content FROM ${table} WHERE run_id = $1`;
      return (await contentsOf<RunRecord>(client, sql, [keyOf(runId)]))[0] ?? null;
    },
    list: async (client, { connectorId, limit, after }: RunQuery) => {
      const position = runCursor.decode(after);
      const values: unknown[] = [limit + 1];
      const filters: string[] = [];
      if (connectorId !== undefined) filters.push(`connector_id = $${values.push(keyOf(connectorId))}`);
      if (position !== undefined) {
        const [at, id] = [values.push(position.startedAt), values.push(keyOf(position.runId))];
        filters.push(`(started_at, run_id) < ($${at}, $${id})`);
      }
      const where = filters.length === 0 ? "" : `WHERE ${filters.join(" AND ")}`;
      const sql = `SELECT content FROM ${table} ${where} ORDER BY started_at DESC, run_id DESC LIMIT $1`;
      const found = await contentsOf<RunRecord>(client, sql, values);
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      const next =
        last === undefined ? null : runCursor.encode({ runId: last.runId, startedAt: orderOf(last) });
      return { runs: shown, next };
    },
    pruneEndedBefore: (client, before: number, limit: number) => {
      const some = `SELECT run_id FROM ${table} WHERE ended_at < $1 LIMIT $2`;
      return changedBy(client, `DELETE FROM ${table} WHERE run_id IN (${some}) RETURNING 1`, [before, limit]);
    },
    olderThan: (client, connectorId: string, newer: number, limit: number) => {
      const sql = `SELECT content FROM ${table} WHERE connector_id = $1 ORDER BY started_at DESC, run_id DESC LIMIT $2 OFFSET $3`;
      return contentsOf<RunRecord>(client, sql, [keyOf(connectorId), limit, newer]);
    },
    remove: async (client, runId: string) => {
      await client.query(`DELETE FROM ${table} WHERE run_id = $1`, [keyOf(runId)]);
    },
  };
}

function schedules({ schedule: table, meta }: TableNames) {
  const noteChange = `UPDATE ${meta} SET content = (content::bigint + 1)::text WHERE key = 'schedules'`;
  const played = {
    list: (client) =>
      contentsOf<ScheduleState>(client, `SELECT content FROM ${table} ORDER BY connector_id`, []),
    version: async (client) => {
      const { rows } = await client.query(`SELECT content FROM ${meta} WHERE key = 'schedules'`);
      return numberOf(rows[0]?.content);
    },
    get: async (client, connectorId: string) => {
      const sql = `SELECT content FROM ${table} WHERE connector_id = $1`;
      return (await contentsOf<ScheduleState>(client, sql, [keyOf(connectorId)]))[0] ?? null;
    },
    save: async (client, state: ScheduleState) => {
      const sql = `WITH changed AS (${noteChange} RETURNING 1)
        INSERT INTO ${table} SELECT $1, $2 FROM changed ON CONFLICT (connector_id) DO UPDATE SET content = excluded.content`;
      await client.query(sql, [keyOf(state.connectorId), JSON.stringify(state)]);
    },
    remove: async (client, connectorId: string) => {
      const sql = `WITH gone AS (DELETE FROM ${table} WHERE connector_id = $1 RETURNING 1)
        ${noteChange} AND EXISTS (SELECT 1 FROM gone)`;
      await client.query(sql, [keyOf(connectorId)]);
    },
  } satisfies RemoteTables["schedules"];
  /** The first so many of these that are due, without those that another transaction has locked; nobody else changes them until this one ends. */
  const lockDue = (client: SqlClient, connectorIds: readonly string[], now: number, limit: number) => {
    const sql = `SELECT content FROM ${table} WHERE connector_id = ANY ($1::text[]) AND due_at <= $2
      ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED`;
    return contentsOf<ScheduleState>(client, sql, [connectorIds.map(keyOf), now, limit]);
  };
  /** Those of these connectors that have one; nobody else changes them until the transaction ends. Locked in one order, so that two never wait in a ring. */
  const lockAll = (client: SqlClient, connectorIds: readonly string[]) => {
    const sql = `SELECT content FROM ${table} WHERE connector_id = ANY ($1::text[]) ORDER BY connector_id FOR UPDATE`;
    return contentsOf<ScheduleState>(client, sql, [connectorIds.map(keyOf)]);
  };
  const saveAll = async (client: SqlClient, states: readonly ScheduleState[]) => {
    if (states.length === 0) return;
    const sql = `INSERT INTO ${table} SELECT * FROM unnest($1::text[], $2::text[])
      ON CONFLICT (connector_id) DO UPDATE SET content = excluded.content`;
    const ids = states.map(({ connectorId }) => keyOf(connectorId));
    await client.query(sql, [ids, states.map((state) => JSON.stringify(state))]);
    // The one row that all such transactions change comes last.
    await client.query(noteChange, []);
  };
  return { ...played, lockDue, lockAll, saveAll };
}

function records({ record: table }: TableNames, schema: string) {
  const page = (comparison: string, order: string) =>
    `SELECT id, content FROM ${table} WHERE collection = $1 AND ($2::text IS NULL OR key ${comparison} $2) ORDER BY key ${order} LIMIT $3`;
  const played = {
    list: (client, collection: RecordCollection) =>
      contentsOf<unknown>(client, `SELECT content FROM ${table} WHERE collection = $1 ORDER BY key`, [
        collection,
      ]),
    get: async (client, collection: RecordCollection, id: string) => {
      const sql = `SELECT content FROM ${table} WHERE collection = $1 AND key = $2`;
      return (await contentsOf(client, sql, [collection, keyOf(id)]))[0];
    },
    save: async (client, collection: RecordCollection, id: string, record: unknown) => {
      const sql = `INSERT INTO ${table} VALUES ($1, $2, $3, $4) ON CONFLICT (collection, key) DO UPDATE SET content = excluded.content
        ${collection === "posting" ? `RETURNING ${ringing(schema, "id")}` : ""}`;
      await client.query(sql, [collection, keyOf(id), storedText(id), JSON.stringify(record)]);
    },
    remove: async (client, collection: RecordCollection, id: string) => {
      await client.query(`DELETE FROM ${table} WHERE collection = $1 AND key = $2`, [collection, keyOf(id)]);
    },
    page: async (client, collection: RecordCollection, { after, limit, reverse }: RecordPage) => {
      const sql = reverse ? page("<", "DESC") : page(">", "");
      const { rows } = await client.query(sql, [collection, after === null ? null : keyOf(after), limit]);
      return rows.map(recordOf);
    },
    removeThrough: async (client, collection: RecordCollection, id: string) => {
      await client.query(`DELETE FROM ${table} WHERE collection = $1 AND key <= $2`, [collection, keyOf(id)]);
    },
  } satisfies RemoteTables["records"];
  /** Those of the records that there are, in no order. */
  const among = async (client: SqlClient, collection: RecordCollection, ids: readonly string[]) => {
    const sql = `SELECT id, content FROM ${table} WHERE collection = $1 AND key = ANY ($2::text[])`;
    const { rows } = await client.query(sql, [collection, ids.map(keyOf)]);
    return rows.map(recordOf);
  };
  return { ...played, among };
}

function recordOf({ id, content }: Record<string, unknown>) {
  return { id: textOf(String(id)), record: JSON.parse(String(content)) as unknown };
}

function values({ value: table }: TableNames): RemoteTables["values"] {
  return {
    get: async (client, id: string) =>
      (await contentsOf<CacheValue>(client, `SELECT content FROM ${table} WHERE key = $1`, [keyOf(id)]))[0],
    put: async (client, id: string, value: CacheValue, at: number) => {
      const sql = `INSERT INTO ${table} VALUES ($1, $2, $3, $4)
        ON CONFLICT (key) DO UPDATE SET content = excluded.content, put_at = excluded.put_at`;
      await client.query(sql, [keyOf(id), storedText(id), JSON.stringify(value), at]);
    },
    removeBeginning: (client, prefix: string) => {
      const sql = `DELETE FROM ${table} WHERE starts_with(id, $1) AND key >= $2 RETURNING content`;
      const beginning = storedText(prefix);
      return contentsOf<CacheValue>(client, sql, [beginning, beginning.slice(0, longestPrefix)]);
    },
    forget: async (client, { before, keep }: { before: number; keep: number }) => {
      await client.query(`DELETE FROM ${table} WHERE put_at < $1`, [before]);
      const surplus = `SELECT put_at FROM ${table} ORDER BY put_at DESC OFFSET $1 LIMIT 1`;
      await client.query(`DELETE FROM ${table} WHERE put_at <= (${surplus})`, [keep]);
    },
  };
}

/** In characters; less than any key keeps of its id. */
const longestPrefix = 100;

function pushed({ pushed: table }: TableNames): RemoteTables["pushed"] {
  return {
    get: async (client, { connectorId, contextId, memoryId }: LedgerKey) => {
      const sql = `SELECT content FROM ${table} WHERE connector_id = $1 AND context_id = $2 AND memory_id = $3`;
      const key = [keyOf(connectorId), keyOf(contextId), keyOf(memoryId)];
      return (await contentsOf<PushedMemory>(client, sql, key))[0];
    },
    save: async (client, entry: PushedMemory) => {
      const sql = `INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (connector_id, context_id, memory_id) DO UPDATE SET number = excluded.number, content = excluded.content`;
      const key = [keyOf(entry.connectorId), keyOf(entry.contextId), keyOf(entry.memoryId)];
      await client.query(sql, [...key, entry.number, JSON.stringify(entry)]);
    },
    page: (client, { connectorId, contextId }: LedgerScope, after: number, limit: number) => {
      const sql = `SELECT content FROM ${table} WHERE connector_id = $1 AND context_id = $2 AND number > $3 ORDER BY number LIMIT $4`;
      return contentsOf<PushedMemory>(client, sql, [keyOf(connectorId), keyOf(contextId), after, limit]);
    },
    newest: async (client, connectorId: string) => {
      const sql = `SELECT coalesce(max(number), 0) AS newest FROM ${table} WHERE connector_id = $1`;
      return numberOf((await client.query(sql, [keyOf(connectorId)])).rows[0]?.newest);
    },
    removeSome: (client, connectorId: string, limit: number) => {
      const some = `SELECT ctid FROM ${table} WHERE connector_id = $1 LIMIT $2`;
      const sql = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${some})) RETURNING 1`;
      return changedBy(client, sql, [keyOf(connectorId), limit]);
    },
  };
}
