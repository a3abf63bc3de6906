import { ConnectorError, isAbort } from "../../kernel/errors/connector-error.ts";
import { stopHint } from "../replace-file.ts";
import type { ReplaceableState, StateBuilder, StateEntry, StateSnapshot } from "../state-content.ts";
import { livingProcesses } from "./leases.ts";
import { migrateLocked, type SchemaPlace, schemaLock, schemaVersion } from "./migrations.ts";
import type { PostgresOptions } from "./open-postgres-state.ts";
import { allEntries, EntryLoader } from "./postgres-entries.ts";
import { toPostgresError } from "./postgres-error.ts";
import { type SqlConnection, tablesOf } from "./sql-pool.ts";

/** A snapshot of the state in one transaction, which no change of others reaches. Null where there is no state. */
export async function openPostgresSnapshot(options: PostgresOptions): Promise<StateSnapshot | null> {
  const { pool, location } = options;
  const place = placeOf(options);
  let connection: SqlConnection | null = null;
  const close = async () => {
    await connection?.script("ROLLBACK").catch(() => undefined);
    connection?.release();
    connection = null;
    await pool.end();
  };
  try {
    const opened = await pool.connect();
    connection = opened;
    await opened.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (((await schemaVersion(opened, place)) ?? 0) > 0)
      return { entries: () => allEntries(opened, place.tables), close };
    await close();
    return null;
  } catch (thrown) {
    await close().catch(() => undefined);
    throw toPostgresError(thrown, "open", location);
  }
}

/** Keeps all who change the state waiting until the result is called. Throws `STATE_LOCKED` while a process has it open. */
export async function holdSchema(options: PostgresOptions): Promise<() => Promise<void>> {
  const held = await lockSchema(options);
  return async () => {
    await held.connection.script("ROLLBACK").catch(() => undefined);
    held.connection.release();
    await options.pool.end();
  };
}

/** Does work on the state in one transaction, while nobody else changes it. Throws `STATE_LOCKED` while a process has it open. */
export async function withSchemaAlone<T>(
  options: PostgresOptions,
  work: (state: ReplaceableState) => Promise<T>,
): Promise<T> {
  const { connection, place } = await lockSchema(options);
  try {
    const result = await work(replaceable(connection, place, options));
    await connection.script("COMMIT");
    return result;
  } catch (thrown) {
    await connection.script("ROLLBACK").catch(() => undefined);
    throw isAbort(thrown) ? thrown : toPostgresError(thrown, "write", options.location);
  } finally {
    connection.release();
    await options.pool.end();
  }
}

function placeOf({ schema, location }: PostgresOptions): SchemaPlace {
  return { schema, location, tables: tablesOf(schema) };
}

async function lockSchema(options: PostgresOptions) {
  const { pool, location } = options;
  const place = placeOf(options);
  const connection = await pool.connect().catch(async (thrown) => {
    await pool.end();
    throw toPostgresError(thrown, "open", location);
  });
  try {
    await connection.script(`BEGIN; SELECT pg_advisory_xact_lock(${schemaLock(place.schema)})`);
    await requireAlone(connection, place);
    return { connection, place };
  } catch (thrown) {
    await connection.script("ROLLBACK").catch(() => undefined);
    connection.release();
    await pool.end();
    throw toPostgresError(thrown, "open", location);
  }
}

async function requireAlone(connection: SqlConnection, place: SchemaPlace): Promise<void> {
  if (((await schemaVersion(connection, place)) ?? 0) === 0) return;
  const [living] = await livingProcesses(connection, place.tables);
  if (living === undefined) return;
  const { location } = place;
  throw new ConnectorError("STATE_LOCKED", `${location} is in use by ${living.name}`, {
    subject: location,
    hint: stopHint,
  });
}

/** All in the transaction of the connection: until it ends, others see the state as it was. */
function replaceable(
  connection: SqlConnection,
  place: SchemaPlace,
  { clock }: PostgresOptions,
): ReplaceableState {
  let current = place;
  const exists = async () => ((await schemaVersion(connection, place)) ?? 0) > 0;
  return {
    openItself: async () =>
      (await exists())
        ? { entries: () => allEntries(connection, current.tables), close: () => undefined }
        : null,
    // Copies of a database are made by its own tools, and are not beside it.
    openCopy: async () => null,
    replace: async (fill) => {
      const isOld = (await exists()) && !(await isEmpty(connection, place));
      if (isOld) current = await putAside(connection, place, clock.now());
      await migrateLocked(connection, place);
      const loader = new EntryLoader(connection, place.tables);
      await fill(builderOf(loader));
      return isOld ? current.location : null;
    },
  };
}

function builderOf(loader: EntryLoader): StateBuilder {
  return {
    add: (entry: StateEntry) => loader.add(entry),
    finish: () => loader.finish(),
    close: () => undefined,
  };
}

async function isEmpty(connection: SqlConnection, { tables }: SchemaPlace): Promise<boolean> {
  for await (const _ of allEntries(connection, tables)) return false;
  return true;
}

/** Gives the schema another name, under which it can be opened as a state. */
async function putAside(
  connection: SqlConnection,
  { schema, location }: SchemaPlace,
  now: number,
): Promise<SchemaPlace> {
  const time = new Date(now).toISOString().replaceAll(/[^\d]/gu, "");
  const name = `${schema.slice(0, longestName - time.length - 10)}_replaced_${time}`;
  await connection.script(`ALTER SCHEMA "${schema}" RENAME TO "${name}"`);
  return {
    schema: name,
    location: location.replace(`schema=${schema}`, `schema=${name}`),
    tables: tablesOf(name),
  };
}

/** Of a name in PostgreSQL. Bytes. */
const longestName = 63;
