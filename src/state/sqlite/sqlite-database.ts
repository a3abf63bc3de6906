import { existsSync, readFileSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { createForOwnerOnly } from "../../kernel/util/owner.ts";
import { sqliteErrorOf } from "../../kernel/util/sqlite-error.ts";
import { migrate, migrations, schemaVersion } from "./migrations.ts";

/** While opening, other processes may be migrating or recovering the log. */
const openTimeoutMs = 5_000;

/** While working. Only a process that recovers the log keeps readers waiting, and not for long; the event loop waits too. */
export const readTimeoutMs = 250;

/** Up to this size the whole structure is checked on opening, which takes some 0.1 s. */
const alwaysCheckedBytes = 16 * 1024 * 1024;

/**
 * Opens the database, makes it when it is not there, brings its schema up to date and checks it. Throws `STATE_CORRUPT` for
 * damage that it finds, `STATE_FOREIGN`, `STATE_TOO_NEW`, and what SQLite throws.
 *
 * A larger file is checked whole only when `thorough`; otherwise damage is found where it is touched.
 */
export function openForWriting(path: string, thorough: boolean): DatabaseSync {
  // SQLite gives its log and its shared memory the owner and the mode of the database.
  createForOwnerOnly(path);
  const database = new DatabaseSync(path, { timeout: openTimeoutMs });
  try {
    requireOurs(database, path);
    useWriteAheadLog(database, path);
    if (thorough || statSync(path).size <= alwaysCheckedBytes) checkDatabase(database, path);
    const before = schemaVersion(database, path);
    migrate(database, path);
    if (before > 0 && before < sincePurged) purge(database);
    database.exec(`PRAGMA busy_timeout = ${readTimeoutMs}`);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Opens the database for reading, beside any number of others. Without a file it shows an empty state. */
export function openForReading(path: string): DatabaseSync {
  if (!existsSync(path)) return emptyDatabase(path);
  // Only a writer can bring an older schema up to date.
  if (versionOf(path) < migrations.length) openForWriting(path, false).close();
  return openReadOnly(path);
}

/** Also where nobody can write, on a disk or in a folder that is read-only, or on a disk that is full. */
function openReadOnly(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: openTimeoutMs });
  try {
    database.prepare("SELECT 1 FROM sqlite_schema").get();
    return database;
  } catch (thrown) {
    database.close();
    const kind = sqliteErrorOf(thrown);
    if (kind === "not-a-database") requireNoJson(path);
    const lacksRoom = kind === "full" || kind === "io";
    if (lacksRoom && hasLog(path)) throw thrown;
    if (kind !== "cannot-open" && kind !== "read-only" && !lacksRoom) throw thrown;
    return openUnchanging(path);
  }
}

/**
 * SQLite reads beside a writer with the help of files that it has to make. Without a log nobody is writing, and the file alone is the
 * whole state.
 */
function openUnchanging(path: string): DatabaseSync {
  if (hasLog(path)) {
    const message = `the newest changes of ${path} are in its log, which this user cannot read without writing in its folder`;
    const hint =
      "run the command as the user of the service, or read a copy that `memory-connector backup FILE` has made";
    throw new ConnectorError("STATE_READ_FAILED", message, { subject: path, hint });
  }
  const url = pathToFileURL(path);
  url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true });
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Files of earlier schemas were written without overwriting what was removed. */
const sincePurged = 7;

/** Writes the file anew, once. Where that cannot be done now, the first `erase` does it. */
function purge(database: DatabaseSync): void {
  try {
    database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (thrown) {
    if (sqliteErrorOf(thrown) !== "busy" && sqliteErrorOf(thrown) !== "full") throw thrown;
  }
}

/** Moves the log's pages into the database and empties it, waiting for nobody; false when another connection uses it. */
export function foldLog(database: DatabaseSync): boolean {
  try {
    database.exec("PRAGMA busy_timeout = 0");
    return database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.busy === 0;
  } catch (thrown) {
    if (sqliteErrorOf(thrown) === "busy") return false;
    throw thrown;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${readTimeoutMs}`);
  }
}

function versionOf(path: string): number {
  const database = openReadOnly(path);
  try {
    return requireOurs(database, path);
  } finally {
    database.close();
  }
}

/**
 * Columns that hold JSON, with the schema that brought them. SQLite has no checksums, so text that no longer parses is how damage
 * inside a record shows.
 */
const jsonColumns = [
  { since: 1, table: "payload", column: "memory" },
  { since: 1, table: "ledger", column: "error" },
  { since: 1, table: "run", column: "record" },
  { since: 2, table: "schedule", column: "state" },
];

/** Throws `STATE_CORRUPT` unless the structure of the database is whole and its records can be read. */
export function checkDatabase(database: DatabaseSync, path: string): void {
  const [structure] = database.prepare("PRAGMA quick_check(1)").all();
  if (structure?.quick_check !== "ok") throw corrupt(path, String(structure?.quick_check));
  const version = schemaVersion(database, path);
  const unreadable = jsonColumns.some(
    ({ since, table, column }) =>
      since <= version &&
      database.prepare(`SELECT 1 FROM ${table} WHERE NOT json_valid(${column}) LIMIT 1`).get() !== undefined,
  );
  if (unreadable) throw corrupt(path, "a record cannot be read");
}

function corrupt(path: string, reason: string): ConnectorError {
  return new ConnectorError("STATE_CORRUPT", `${path} is damaged: ${reason}`, { subject: path });
}

/** The schema's version. Throws for a file that must not be touched, before anything is changed in it. */
function requireOurs(database: DatabaseSync, path: string): number {
  try {
    return schemaVersion(database, path);
  } catch (thrown) {
    if (sqliteErrorOf(thrown) === "not-a-database") requireNoJson(path);
    throw thrown;
  }
}

/** All of it: the first byte of a damaged database may be anything. Throws `STATE_FOREIGN`. */
function requireNoJson(path: string): void {
  try {
    JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return;
  }
  throw new ConnectorError("STATE_FOREIGN", `${path} holds JSON and is no database`, { subject: path });
}

function emptyDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  migrate(database, path);
  return database;
}

function useWriteAheadLog(database: DatabaseSync, path: string): void {
  const mode = database.prepare("PRAGMA journal_mode = WAL").get();
  if (mode?.journal_mode !== "wal") {
    const hint = "put state.path on a local disk: network file systems cannot keep SQLite's write-ahead log";
    throw new ConnectorError("STATE_READ_FAILED", `${path} cannot use a write-ahead log`, {
      subject: path,
      hint,
    });
  }
  // What is removed is overwritten: a transcript shall not be readable in the file once it is delivered.
  database.exec("PRAGMA secure_delete = ON");
  // See DurableBatches for why NORMAL is durable here. The log shrinks again after a large change.
  database.exec("PRAGMA synchronous = NORMAL; PRAGMA cell_size_check = ON; PRAGMA cache_size = -2000");
  database.exec("PRAGMA journal_size_limit = 67108864");
}
