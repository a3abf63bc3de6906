import { existsSync, readFileSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { createForOwnerOnly } from "../../kernel/util/owned-files.ts";
import { sqliteErrorOf } from "../../kernel/util/sqlite-error.ts";
import { migrate, migrations, schemaVersion } from "./migrations.ts";

/** Busy timeout while opening: other processes may be migrating or recovering the log. */
const openTimeoutMs = 5_000;

/** Busy timeout afterwards. Only log recovery blocks readers, and briefly; the event loop is blocked too. */
export const readTimeoutMs = 250;

/** Up to this size the whole file is read where the event loop waits for it: its check on opening takes some 0.1 s, and its copy on closing as well. */
export const smallBytes = 16 * 1024 * 1024;

/**
 * Opens or creates the database, migrates its schema and checks it. Throws `STATE_CORRUPT` for damage that it finds,
 * `STATE_FOREIGN`, `STATE_TOO_NEW`, and SQLite's errors.
 *
 * A larger file is fully checked only when `thorough`; otherwise damage is detected on access.
 */
export function openForWriting(path: string, thorough: boolean): DatabaseSync {
  // SQLite copies owner and mode of the database to its log and shared memory.
  createForOwnerOnly(path);
  const database = new DatabaseSync(path, { timeout: openTimeoutMs });
  try {
    requireOurs(database, path);
    useWriteAheadLog(database, path);
    if (thorough || statSync(path).size <= smallBytes) checkDatabase(database, path);
    const before = schemaVersion(database, path);
    migrate(database, path);
    database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
    if (before > 0 && before < sincePurged) purge(database);
    database.exec(`PRAGMA busy_timeout = ${readTimeoutMs}`);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Opens the database for reading, concurrently with other processes. A missing file is an empty state. */
export function openForReading(path: string): DatabaseSync {
  if (!existsSync(path)) return emptyDatabase(path);
  // Only a writer can migrate an older schema.
  if (versionOf(path) < migrations.length) openForWriting(path, false).close();
  return openReadOnly(path);
}

/** Also on a read-only or full disk, or in a read-only folder. */
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
 * To read concurrently with a writer SQLite has to create files. Without a log there is no writer, and the file alone is the whole state.
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

/** Earlier schemas did not overwrite removed data. */
const sincePurged = 7;

/** Rewrites the file, once. If that is not possible now, the first `erase` does it. */
function purge(database: DatabaseSync): void {
  try {
    database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (thrown) {
    if (sqliteErrorOf(thrown) !== "busy" && sqliteErrorOf(thrown) !== "full") throw thrown;
  }
}

/** Checkpoints and truncates the log without waiting; false when another connection uses it. */
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
 * JSON columns, with the schema version that introduced them. SQLite has no checksums, so damage inside a record shows as text that
 * does not parse.
 */
const jsonColumns = [
  { since: 1, table: "payload", column: "memory" },
  { since: 1, table: "ledger", column: "error" },
  { since: 1, table: "run", column: "record" },
  { since: 2, table: "schedule", column: "state" },
  { since: 9, table: "ledger", column: "facets" },
  { since: 9, table: "ledger", column: "facet_keys" },
];

/** Throws `STATE_CORRUPT` unless the database is structurally intact and its records can be read. */
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

/** The schema's version. Throws for a file that must not be changed, before changing it. */
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
  // Removed data is overwritten: a delivered transcript must not be readable in the file.
  database.exec("PRAGMA secure_delete = ON");
  // See DurableBatches for why NORMAL is durable here. The log shrinks again after a large change.
  database.exec("PRAGMA synchronous = NORMAL; PRAGMA cell_size_check = ON; PRAGMA cache_size = -2000");
  database.exec("PRAGMA journal_size_limit = 67108864");
}
