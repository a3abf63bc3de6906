import { ledgerStatuses, unfinishedStatuses, waitingReasons } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { numberOf, type SqlConnection, type TableNames } from "./sql-pool.ts";

/** The statuses as an SQL list. A query uses a partial index only when it repeats the index's condition. */
const sqlList = (statuses: readonly string[]) => statuses.map((status) => `'${status}'`).join(", ");
export const unfinished = `status IN (${sqlList(unfinishedStatuses)})`;
/** Memories that are skipped until their source shows the missing content. */
export const waiting = `status = 'skipped' AND skip_reason IN (${sqlList(waitingReasons)})`;

/** The key of an area begins with its size. */
export const sizeOfArea = "split_part(key, ':', 1)";

/** By code points, as all orders of the port. */
const key = 'text COLLATE "C" NOT NULL';

/** Counts of one connector are spread over this many rows, so that two writers seldom wait for each other's. */
const slots = 8;

/**
 * What triggers derive from the ledger, once for each statement, so that no change of a row can miss it: the counts by status, and the facets by
 * which memories are found with the number of their memories. Rows are changed in the order of their keys, so that two statements never wait for
 * each other in a ring.
 */
const derived = (t: TableNames, schema: string) => {
  const count = (rows: string) => `
    INSERT INTO ${t.status_count} AS kept (connector_id, status, slot, rows)
      SELECT connector_id, status, pg_backend_pid() % ${slots}, sum(change) FROM (${rows}) AS changes
      GROUP BY 1, 2 HAVING sum(change) <> 0 ORDER BY 1, 2
      ON CONFLICT (connector_id, status, slot) DO UPDATE SET rows = kept.rows + excluded.rows;`;
  const keysOf = (rows: string) => `
    SELECT each.id AS row_id, each.connector_id, facet.value ->> 0 AS kind,
        (facet.value ->> 1) COLLATE "C" AS key, facet.value ->> 2 AS name
      FROM ${rows} AS each, jsonb_array_elements(each.facets) AS facet (value) WHERE each.facets IS NOT NULL`;
  const add = (rows: string) => `
    INSERT INTO ${t.facet} AS kept (connector_id, kind, key, name, rows)
      SELECT connector_id, kind, key, min(name), count(*) FROM (${keysOf(rows)}) AS keys
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (connector_id, kind, key) DO UPDATE SET rows = kept.rows + excluded.rows;
    INSERT INTO ${t.memory_facet} (facet_id, row_id)
      SELECT facet.id, keys.row_id FROM (${keysOf(rows)}) AS keys
      JOIN ${t.facet} AS facet USING (connector_id, kind, key);`;
  const take = (rows: string) => `
    DELETE FROM ${t.memory_facet} WHERE row_id IN (SELECT id FROM ${rows} AS each WHERE facets IS NOT NULL);
    WITH gone AS (SELECT connector_id, kind, key, count(*) AS rows FROM (${keysOf(rows)}) AS keys
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3),
      held AS (SELECT facet.id, gone.rows FROM gone JOIN ${t.facet} AS facet USING (connector_id, kind, key)
        ORDER BY connector_id, kind, key FOR UPDATE OF facet)
      UPDATE ${t.facet} AS facet SET rows = facet.rows - held.rows FROM held WHERE facet.id = held.id;
    DELETE FROM ${t.facet} WHERE rows = 0 AND (connector_id, kind, key) IN
      (SELECT connector_id, kind, key FROM (${keysOf(rows)}) AS keys);`;
  const changed = `(SELECT before.* FROM before JOIN after USING (id) WHERE before.facets IS DISTINCT FROM after.facets)`;
  const become = `(SELECT after.* FROM before JOIN after USING (id) WHERE before.facets IS DISTINCT FROM after.facets)`;
  const body = (name: string, statements: string) => `
    CREATE FUNCTION "${schema}".${name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN ${statements} RETURN NULL; END $body$;`;
  return `
    ${body("ledger_inserted", count("SELECT connector_id, status, 1 AS change FROM after") + add("after"))}
    ${body("ledger_deleted", count("SELECT connector_id, status, -1 AS change FROM before") + take("before"))}
    ${body(
      "ledger_changed",
      `${count(`SELECT connector_id, status, 1 AS change FROM after UNION ALL
        SELECT connector_id, status, -1 AS change FROM before`)}
      IF EXISTS ${changed} THEN ${take(changed)} ${add(become)} END IF;`,
    )}
    CREATE TRIGGER ledger_inserted AFTER INSERT ON ${t.ledger} REFERENCING NEW TABLE AS after
      FOR EACH STATEMENT EXECUTE FUNCTION "${schema}".ledger_inserted();
    CREATE TRIGGER ledger_changed AFTER UPDATE ON ${t.ledger} REFERENCING OLD TABLE AS before NEW TABLE AS after
      FOR EACH STATEMENT EXECUTE FUNCTION "${schema}".ledger_changed();
    CREATE TRIGGER ledger_deleted AFTER DELETE ON ${t.ledger} REFERENCING OLD TABLE AS before
      FOR EACH STATEMENT EXECUTE FUNCTION "${schema}".ledger_deleted();`;
};

/**
 * The schema, step by step; `meta` has the number of steps taken. A step is never changed once it is released.
 *
 * 1: A row has columns for what it is found by; the rest is one text of JSON. `age` is the memory's own time and puts rows without one last. Indexes
 * for work are partial: unfinished rows are few among many.
 *
 * 2: Due times are handed out as work for all processes. An earlier program, which starts what is due by itself, does not work beside that.
 */
const migrations: readonly ((t: TableNames, schema: string) => string)[] = [
  (t, schema) => `
    CREATE TABLE ${t.ledger} (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      connector_id ${key}, context_id ${key}, memory_id ${key},
      version integer NOT NULL,
      status text NOT NULL CHECK (status IN (${sqlList(ledgerStatuses)})),
      age bigint NOT NULL,
      next_attempt_at bigint,
      group_key text COLLATE "C",
      is_group boolean NOT NULL,
      skip_reason text,
      details text NOT NULL,
      facets jsonb,
      payload text,
      kept_text text,
      kept_length integer,
      folded text
    ) WITH (fillfactor = 80);
    CREATE UNIQUE INDEX ledger_by_key ON ${t.ledger} (connector_id, context_id, memory_id);
    CREATE INDEX ledger_by_status ON ${t.ledger} (connector_id, status, age, context_id, memory_id);
    CREATE INDEX ledger_by_age ON ${t.ledger} (connector_id, age, context_id, memory_id) INCLUDE (status, is_group);
    CREATE INDEX ledger_unfinished ON ${t.ledger} (connector_id, context_id, age) WHERE ${unfinished};
    CREATE INDEX ledger_work ON ${t.ledger} (connector_id, status, context_id, memory_id) WHERE ${unfinished};
    CREATE INDEX ledger_next_attempt ON ${t.ledger} (connector_id, status, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
    CREATE INDEX ledger_by_group ON ${t.ledger} (connector_id, context_id, group_key) WHERE group_key IS NOT NULL;
    CREATE INDEX ledger_waiting ON ${t.ledger} (connector_id, context_id, skip_reason, age) WHERE ${waiting};
    CREATE INDEX ledger_by_length ON ${t.ledger} (kept_length) WHERE kept_length IS NOT NULL;

    CREATE TABLE ${t.status_count} (
      connector_id ${key}, status text NOT NULL, slot integer NOT NULL, rows bigint NOT NULL,
      PRIMARY KEY (connector_id, status, slot)
    ) WITH (fillfactor = 50);
    CREATE TABLE ${t.facet} (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      connector_id ${key}, kind text NOT NULL, key ${key}, name text NOT NULL, rows bigint NOT NULL,
      UNIQUE (connector_id, kind, key)
    );
    CREATE INDEX facet_by_rows ON ${t.facet} (connector_id, kind, rows DESC, key);
    CREATE INDEX facet_by_size ON ${t.facet} (connector_id, ${sizeOfArea}, rows DESC, key) WHERE kind = 'area';
    CREATE TABLE ${t.memory_facet} (facet_id bigint NOT NULL, row_id bigint NOT NULL, PRIMARY KEY (facet_id, row_id));
    CREATE INDEX memory_facet_by_row ON ${t.memory_facet} (row_id);
    ${derived(t, schema)}

    CREATE TABLE ${t.sync_state} (connector_id ${key}, context_id ${key}, content text NOT NULL, PRIMARY KEY (connector_id, context_id));
    CREATE TABLE ${t.run} (run_id ${key} PRIMARY KEY, connector_id ${key}, started_at bigint NOT NULL, ended_at bigint, content text NOT NULL);
    CREATE INDEX run_by_start ON ${t.run} (started_at, run_id);
    CREATE INDEX run_by_connector ON ${t.run} (connector_id, started_at, run_id);
    CREATE INDEX run_by_end ON ${t.run} (ended_at) WHERE ended_at IS NOT NULL;
    CREATE TABLE ${t.schedule} (connector_id ${key} PRIMARY KEY, content text NOT NULL);
    CREATE TABLE ${t.record} (collection ${key}, key ${key}, id text NOT NULL, content text NOT NULL, PRIMARY KEY (collection, key));
    CREATE TABLE ${t.value} (key ${key} PRIMARY KEY, id text NOT NULL, content text NOT NULL, put_at bigint NOT NULL);
    CREATE INDEX value_by_age ON ${t.value} (put_at);
    CREATE TABLE ${t.pushed} (
      connector_id ${key}, context_id ${key}, memory_id ${key}, number bigint NOT NULL, content text NOT NULL,
      PRIMARY KEY (connector_id, context_id, memory_id)
    );
    CREATE UNIQUE INDEX pushed_by_number ON ${t.pushed} (connector_id, number);

    CREATE TABLE ${t.process} (
      id text PRIMARY KEY, name text NOT NULL, since bigint NOT NULL, place text NOT NULL, schedules boolean NOT NULL,
      seen_at timestamptz NOT NULL
    ) WITH (fillfactor = 50);
    CREATE TABLE ${t.lease} (
      name ${key} PRIMARY KEY, token bigint NOT NULL, process_id text, since bigint NOT NULL, run_id text
    ) WITH (fillfactor = 50);
  `,
  (t) => `
    ALTER TABLE ${t.schedule} ADD COLUMN due_at bigint GENERATED ALWAYS AS ((content::jsonb ->> 'dueAt')::bigint) STORED;
    CREATE INDEX schedule_by_due ON ${t.schedule} (due_at) WHERE due_at IS NOT NULL;
  `,
];

/** The newest schema that this program knows. */
export const newestSchema = migrations.length;

const mark = "memory-connector";

/**
 * The number of steps that the schema has had; null where there is none of that name. Throws `STATE_FOREIGN` and `STATE_TOO_NEW` for one that this
 * program must not touch.
 */
export async function schemaVersion(
  client: Pick<SqlConnection, "query">,
  { schema, location, tables }: SchemaPlace,
): Promise<number | null> {
  await requireUsable(client, location);
  const found = await client.query(
    `SELECT to_regclass($1) IS NOT NULL AS is_ours, EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $2) AS is_there,
      EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $2) AS is_used`,
    [tables.meta, schema],
  );
  const { is_ours: isOurs, is_there: isThere, is_used: isUsed } = found.rows[0] ?? {};
  if (isOurs !== true) {
    if (isUsed === true) throw foreign(schema, location);
    return isThere === true ? 0 : null;
  }
  const { rows } = await client.query(`SELECT content FROM ${tables.meta} WHERE key = 'program'`);
  if (rows[0]?.content !== mark) throw foreign(schema, location);
  const version = numberOf(
    (await client.query(`SELECT content FROM ${tables.meta} WHERE key = 'version'`)).rows[0]?.content,
  );
  if (version > newestSchema) throw tooNew(version, location);
  return version;
}

/** The first that tells whether a transaction was committed (`pg_xact_status` of what `pg_current_xact_id` says). */
const oldestServer = 13;

async function requireUsable(client: Pick<SqlConnection, "query">, location: string): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_encoding') AS encoding",
  );
  const { major, encoding } = rows[0] ?? {};
  if (numberOf(major) < oldestServer)
    throw new ConnectorError("STATE_READ_FAILED", `${location} is PostgreSQL ${major}`, {
      subject: location,
      hint: `use PostgreSQL ${oldestServer} or a later one`,
    });
  if (encoding === "UTF8") return;
  throw new ConnectorError("STATE_READ_FAILED", `the database of ${location} has the encoding ${encoding}`, {
    subject: location,
    hint: "make one that can hold any text: `createdb -E UTF8 -T template0 NAME`",
  });
}

export interface SchemaPlace {
  schema: string;
  /** For people. */
  location: string;
  tables: TableNames;
}

export function tooNew(version: number, location: string): ConnectorError {
  const message = `${location} has schema ${version}, this program knows schemas up to ${newestSchema}`;
  return new ConnectorError("STATE_TOO_NEW", message, { subject: location });
}

function foreign(schema: string, location: string): ConnectorError {
  return new ConnectorError(
    "STATE_FOREIGN",
    `the schema ${schema} of ${location} has tables of another program`,
    {
      subject: location,
      hint: "name a schema of its own at the end of state.url: ?schema=memory_connector",
    },
  );
}

/** The lock of a schema: held exclusively to migrate and for changes that read before they write, shared for all others. */
export function schemaLock(schema: string): string {
  return `hashtext('${mark}'), hashtext('${schema}')`;
}

/** Runs the missing migrations in one transaction. Other processes that do the same wait, and find them done. */
export async function migrate(connection: SqlConnection, place: SchemaPlace): Promise<void> {
  if ((await schemaVersion(connection, place)) === newestSchema) return;
  await connection.script(`BEGIN; SELECT pg_advisory_xact_lock(${schemaLock(place.schema)})`);
  try {
    await migrateLocked(connection, place);
    await connection.script("COMMIT");
  } catch (thrown) {
    await connection.script("ROLLBACK").catch(() => undefined);
    throw thrown;
  }
}

/** The same in a transaction of the caller, who holds the schema's lock. */
export async function migrateLocked(connection: SqlConnection, place: SchemaPlace): Promise<void> {
  const { schema, tables } = place;
  const known = await schemaVersion(connection, place);
  // Whoever may not make a schema may have one made for him.
  if (known === null) await connection.script(`CREATE SCHEMA "${schema}"`);
  const version = known ?? 0;
  if (version === 0)
    await connection.script(`CREATE TABLE ${tables.meta} (key text PRIMARY KEY, content text NOT NULL);
      INSERT INTO ${tables.meta} VALUES ('program', '${mark}'), ('version', '0'), ('schedules', '0')`);
  for (const step of migrations.slice(version)) await connection.script(step(tables, schema));
  await connection.script(`UPDATE ${tables.meta} SET content = '${newestSchema}' WHERE key = 'version'`);
}
