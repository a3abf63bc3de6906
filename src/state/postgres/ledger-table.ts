import {
  type LedgerKey,
  type LedgerRow,
  type LedgerStatus,
  ledgerStatuses,
  type WaitingReason,
} from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { ageCursor, keyCursor, newestCursor } from "../cursor.ts";
import { ageWithoutTime, keptText, noRows, versionConflict } from "../row-rules.ts";
import type {
  LedgerScope,
  PageRequest,
  RowPage,
  RowQuery,
  StatusCounts,
  WaitingMemories,
} from "../state-manager.ts";
import { unfinished, waiting } from "./migrations.ts";
import { numberOf, numberOrNull, type SqlClient, type TableNames } from "./sql-pool.ts";
import { inputColumns, keptValues, rowColumns, rowOf, valuesOf } from "./stored-row.ts";
import { keyOf, textOf } from "./stored-text.ts";

const byAge = { columns: "age, context_id, memory_id", sorted: "age, context_id, memory_id", behind: ">" };
const orders = {
  key: { columns: "context_id, memory_id", sorted: "context_id, memory_id", behind: ">" },
  oldest: byAge,
  newest: { ...byAge, sorted: "age DESC, context_id DESC, memory_id DESC", behind: "<" },
} as const;
const cursors = { key: keyCursor, oldest: ageCursor, newest: newestCursor } as const;

/** Rows whose texts are cut at a time. */
const maxCutRows = 500;

/** The ledger's statements; transactions are the caller's. All keys of one statement are those of its rows, in one message. */
export class PostgresLedgerTable {
  readonly #table: string;
  readonly #counts: string;
  /** The payloads that are stored, with the row and version that they are stored for: memories never change, so they need not travel again. */
  readonly #payloads = new WeakMap<Memory, string>();

  constructor({ ledger, status_count: counts }: TableNames) {
    this.#table = ledger;
    this.#counts = counts;
  }

  /** In no order. */
  async getAll(client: SqlClient, scope: LedgerScope, memoryIds: readonly string[]): Promise<LedgerRow[]> {
    const where = "connector_id = $1 AND context_id = $2 AND memory_id = ANY ($3::text[])";
    return this.#select(client, where, [...keysOf(scope), memoryIds.map(keyOf)]);
  }

  /** By memory id. */
  group(client: SqlClient, scope: LedgerScope, groupKey: string): Promise<LedgerRow[]> {
    const where = "connector_id = $1 AND context_id = $2 AND group_key = $3 ORDER BY memory_id";
    return this.#select(client, where, [...keysOf(scope), keyOf(groupKey)]);
  }

  /** The keys (`keyOf`) of those memories that are known and finished. */
  async finishedAmong(
    client: SqlClient,
    scope: LedgerScope,
    memoryIds: readonly string[],
  ): Promise<Set<string>> {
    const sql = `SELECT memory_id FROM ${this.#table}
      WHERE connector_id = $1 AND context_id = $2 AND memory_id = ANY ($3::text[]) AND NOT ${unfinished}`;
    const { rows } = await client.query(sql, [...keysOf(scope), memoryIds.map(keyOf)]);
    return new Set(rows.map(({ memory_id: key }) => String(key)));
  }

  /**
   * The rows with their new versions. Throws `STATE_CONFLICT` for the first of them that is not what the caller believes; then some may be changed,
   * and the caller rolls back.
   */
  async saveAll(client: SqlClient, rows: readonly LedgerRow[]): Promise<LedgerRow[]> {
    if (rows.length === 0) return [];
    const values = rows.map((row) => valuesOf(row, this.#isStored(row)));
    const saved = await client.query(
      this.#saveSql(),
      inputColumns.map((_, column) => values.map((row) => row[column])),
    );
    const changed = new Set(saved.rows.map(({ at }) => numberOf(at)));
    const wrong = rows.find((_, at) => !changed.has(at + 1));
    if (wrong !== undefined) throw versionConflict(wrong);
    return rows.map((row) => this.#noting({ ...row, version: row.version + 1 }));
  }

  async removeAll(client: SqlClient, keys: readonly LedgerKey[]): Promise<void> {
    const sql = `DELETE FROM ${this.#table} AS ledger USING unnest($1::text[], $2::text[], $3::text[]) AS gone (connector_id, context_id, memory_id)
      WHERE ledger.connector_id = gone.connector_id AND ledger.context_id = gone.context_id AND ledger.memory_id = gone.memory_id`;
    const columns = [
      keys.map(({ connectorId }) => keyOf(connectorId)),
      keys.map(({ contextId }) => keyOf(contextId)),
      keys.map(({ memoryId }) => keyOf(memoryId)),
    ];
    await client.query(sql, columns);
  }

  /** Removes at most `limit` rows of the connector; their number. */
  async removeSome(client: SqlClient, connectorId: string, limit: number): Promise<number> {
    const some = `SELECT id FROM ${this.#table} WHERE connector_id = $1 LIMIT $2`;
    const sql = `DELETE FROM ${this.#table} WHERE id = ANY (ARRAY(${some})) RETURNING 1`;
    return (await client.query(sql, [keyOf(connectorId), limit])).rows.length;
  }

  async counts(client: SqlClient, connectorId: string): Promise<StatusCounts> {
    const sql = `SELECT status, sum(rows) AS rows FROM ${this.#counts} WHERE connector_id = $1 GROUP BY status`;
    const counts = noRows();
    for (const { status, rows } of (await client.query(sql, [keyOf(connectorId)])).rows)
      counts[status as LedgerStatus] = numberOf(rows);
    return counts;
  }

  async oldestUnfinished(
    client: SqlClient,
    scope: LedgerScope,
    after = Number.MIN_SAFE_INTEGER,
  ): Promise<number | null> {
    const sql = `SELECT min(age) AS oldest FROM ${this.#table}
      WHERE connector_id = $1 AND context_id = $2 AND age > $3 AND age < ${ageWithoutTime} AND ${unfinished}`;
    return numberOrNull((await client.query(sql, [...keysOf(scope), after])).rows[0]?.oldest);
  }

  async waiting(
    client: SqlClient,
    scope: LedgerScope,
    after = Number.MIN_SAFE_INTEGER,
  ): Promise<WaitingMemories> {
    const sql = `SELECT skip_reason AS reason, count(*) AS rows,
        min(age) FILTER (WHERE age > $3 AND age < ${ageWithoutTime}) AS oldest
      FROM ${this.#table} WHERE connector_id = $1 AND context_id = $2 AND ${waiting} GROUP BY skip_reason`;
    const { rows: groups } = await client.query(sql, [...keysOf(scope), after]);
    const rowsOf = (reason: WaitingReason) =>
      numberOf(groups.find((group) => group.reason === reason)?.rows ?? 0);
    const oldest = groups.flatMap((group) => numberOrNull(group.oldest) ?? []);
    return {
      transcripts: rowsOf("empty_transcript"),
      media: rowsOf("pending_media"),
      oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
    };
  }

  async earliestAttempt(
    client: SqlClient,
    connectorId: string,
    statuses: readonly LedgerStatus[],
  ): Promise<number | null> {
    const sql = `SELECT min(next_attempt_at) AS earliest FROM ${this.#table}
      WHERE connector_id = $1 AND status = ANY ($2::text[]) AND next_attempt_at IS NOT NULL`;
    return numberOrNull((await client.query(sql, [keyOf(connectorId), statuses])).rows[0]?.earliest);
  }

  /** One page, by keyset. The cost depends on the page, not on the ledger: a scan of an index in order for each status. */
  async page(client: SqlClient, query: RowQuery, { limit, after }: PageRequest): Promise<RowPage> {
    const name = query.order ?? "key";
    const { columns, sorted, behind } = orders[name];
    const position = cursors[name].decode(after);
    if (query.statuses?.length === 0) return { rows: [], next: null };
    const values: unknown[] = [keyOf(query.connectorId), limit + 1];
    const filters = ["connector_id = $1"];
    if (query.contextId !== undefined) filters.push(`context_id = $${values.push(keyOf(query.contextId))}`);
    if (query.dueBefore !== undefined)
      filters.push(`(next_attempt_at IS NULL OR next_attempt_at <= $${values.push(query.dueBefore)})`);
    if (position !== undefined) {
      const places = [
        ...("age" in position ? [position.age] : []),
        keyOf(position.contextId),
        keyOf(position.memoryId),
      ];
      filters.push(`(${columns}) ${behind} (${places.map((place) => `$${values.push(place)}`).join(", ")})`);
    }
    const walk = (status: string[]) =>
      `(SELECT ${rowColumns} FROM ${this.#table} WHERE ${[...filters, ...status].join(" AND ")} ORDER BY ${sorted} LIMIT $2)`;
    const sql = `SELECT * FROM (${statusFilters(query).map(walk).join(" UNION ALL ")}) AS rows ORDER BY ${sorted} LIMIT $2`;
    const found = (await client.query(sql, values)).rows.map((stored) => this.#noting(rowOf(stored)));
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return { rows, next: last === undefined ? null : cursors[name].encode(placeOf(last)) };
  }

  async hasLongerTexts(client: SqlClient, most: number): Promise<boolean> {
    const sql = `SELECT 1 FROM ${this.#table} WHERE kept_length > $1 LIMIT 1`;
    return (await client.query(sql, [most])).rows.length > 0;
  }

  /** Truncates stored texts of some rows to so many code points. */
  async cutTexts(client: SqlClient, most: number): Promise<void> {
    const { rows } = await client.query(
      `SELECT id, kept_text FROM ${this.#table} WHERE kept_length > $1 ORDER BY id LIMIT ${maxCutRows} FOR UPDATE`,
      [most],
    );
    const cut = rows.map(({ kept_text: text }) => keptText(textOf(String(text)), most));
    const sql = `UPDATE ${this.#table} AS ledger SET kept_text = cut.text, kept_length = cut.length, folded = cut.folded
      FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::text[]) AS cut (id, text, length, folded) WHERE ledger.id = cut.id`;
    const columns = cut.map(keptValues);
    await client.query(sql, [
      rows.map(({ id }) => id),
      ...[0, 1, 2].map((column) => columns.map((row) => row[column])),
    ]);
  }

  async #select(client: SqlClient, where: string, values: readonly unknown[]): Promise<LedgerRow[]> {
    const sql = `SELECT ${rowColumns} FROM ${this.#table} WHERE ${where}`;
    return (await client.query(sql, values)).rows.map((stored) => this.#noting(rowOf(stored)));
  }

  #saveSql(): string {
    const arrays = inputColumns.map(([, type], at) => `$${at + 1}::${type}[]`).join(", ");
    const names = inputColumns.map(([name]) => name);
    const stored = names.filter((name) => name !== "keeps_payload");
    const input = (name: string) => (name === "facets" ? "input.facets::jsonb" : `input.${name}`);
    const moved = stored.filter((name) => !keyColumns.has(name)).filter((name) => name !== "payload");
    return `WITH input AS (SELECT * FROM unnest(${arrays}) WITH ORDINALITY AS each (${names.join(", ")}, at)),
      changed AS (UPDATE ${this.#table} AS ledger
        SET version = ledger.version + 1, ${moved.map((name) => `${name} = ${input(name)}`).join(", ")},
          payload = CASE WHEN input.keeps_payload THEN ledger.payload ELSE input.payload END
        FROM input WHERE input.version > 0 AND ledger.version = input.version AND ledger.connector_id = input.connector_id
          AND ledger.context_id = input.context_id AND ledger.memory_id = input.memory_id RETURNING ${keyList("ledger")}),
      made AS (INSERT INTO ${this.#table} (${stored.join(", ")})
        SELECT ${stored.map((name) => (name === "version" ? "1" : input(name))).join(", ")} FROM input
        WHERE input.version = 0 ORDER BY connector_id, context_id, memory_id
        ON CONFLICT DO NOTHING RETURNING ${keyList()}),
      saved AS (SELECT * FROM changed UNION ALL SELECT * FROM made)
      SELECT min(input.at) AS at FROM input JOIN saved USING (connector_id, context_id, memory_id)
        GROUP BY connector_id, context_id, memory_id`;
  }

  #isStored(row: LedgerRow): boolean {
    return row.payload !== null && row.version > 0 && this.#payloads.get(row.payload) === versionName(row);
  }

  #noting(row: LedgerRow): LedgerRow {
    if (row.payload !== null) this.#payloads.set(row.payload, versionName(row));
    return row;
  }
}

const keyColumns: ReadonlySet<string> = new Set(["connector_id", "context_id", "memory_id", "version"]);

const keyList = (table?: string) =>
  ["connector_id", "context_id", "memory_id"]
    .map((name) => (table === undefined ? name : `${table}.${name}`))
    .join(", ");

function keysOf({ connectorId, contextId }: LedgerScope): string[] {
  return [keyOf(connectorId), keyOf(contextId)];
}

function versionName({ connectorId, contextId, memoryId, version }: LedgerRow): string {
  return JSON.stringify([connectorId, contextId, memoryId, version]);
}

function placeOf({ memoryCreatedAt, contextId, memoryId }: LedgerRow) {
  return { age: memoryCreatedAt ?? ageWithoutTime, contextId, memoryId };
}

/** One set of filters per scan. The index by key serves all statuses at once, and so does the one by age. */
function statusFilters({ statuses }: RowQuery): string[][] {
  if (statuses === undefined) return [[]];
  const wanted = new Set<LedgerStatus>(statuses);
  return ledgerStatuses.filter((status) => wanted.has(status)).map((status) => [`status = '${status}'`]);
}
