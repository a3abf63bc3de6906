import type { DatabaseSync } from "node:sqlite";
import { ledgerStatuses, unfinishedStatuses, waitingReasons } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { erasureId } from "../erasure-store.ts";
import { ageWithoutTime } from "../row-rules.ts";
import { busiestAreasStep, facetStep } from "./facet-schema.ts";
import { memoryDayStep } from "./memory-day-schema.ts";
import { addAreaFunction, dayCountStep, memoryIndexStep } from "./memory-index-schema.ts";

/** Marks the file as ours in SQLite's header ("MemC"). */
export const applicationId = 0x4d_65_6d_43;

/** The statuses as an SQL list. A query uses a partial index only when it repeats the index's condition word for word. */
const sqlList = (statuses: readonly string[]) => statuses.map((status) => `'${status}'`).join(", ");
/** Memories that are skipped until their source shows the missing content. */
export const waiting = `status = 'skipped' AND skip_reason IN (${sqlList(waitingReasons)})`;
export const unfinished = `status IN (${sqlList(unfinishedStatuses)})`;

/**
 * The schema, step by step; the number of steps taken is the file's `user_version`. A step is never changed once it is released.
 *
 * 1: The ledger keeps payloads apart, so that a row stays small and a change of status does not write the transcript again. Counts
 * are kept by triggers, because counting a million rows takes longer than an operator waits. `age` puts rows without a time last.
 *
 * 2: What the scheduler remembers of each connector; read whole when it starts.
 *
 * 3: Small collections of JSON records: connectors made through the API, API keys.
 *
 * 4: What a memory looked like at the source, so that an unchanged one needs no second look; remembered answers of services.
 *
 * 5: How long the source has not shown a memory that it should have shown.
 *
 * 6: Notes that share a document, and their documents.
 *
 * 7: The list of erasures, from the rows that stood for them; no program that does not know it may work on the state. Whoever takes this
 * step also rewrites the file, because earlier versions left deleted text in it (`sqlite-database.ts`).
 *
 * 8: What was learnt of a context's lists; the memories that wait for a transcript or a medium, which are few among the skipped.
 *
 * 9: What memories are found and counted by (`memory-index-schema.ts`).
 *
 * 10: The same counts by day.
 *
 * 11: No counts by time and status any more: the index by status and time is counted (`memory-day-schema.ts`).
 *
 * 12: Facets are numbered by SQLite (`facet-schema.ts`).
 *
 * 13: The steps that led a memory to where it stands.
 *
 * 14: What programs have sent (`sqlite-pushed-table.ts`).
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    connector_id TEXT NOT NULL,
    context_id TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN (${sqlList(ledgerStatuses)})),
    version INTEGER NOT NULL,
    content_hash TEXT,
    file_source TEXT NOT NULL,
    document_id TEXT,
    track_id TEXT,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER,
    error TEXT,
    skip_reason TEXT,
    delete_reason TEXT,
    memory_created_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    latitude REAL,
    longitude REAL,
    age INTEGER GENERATED ALWAYS AS (coalesce(memory_created_at, ${ageWithoutTime})) VIRTUAL
  ) STRICT;
  CREATE UNIQUE INDEX ledger_by_key ON ledger (connector_id, context_id, memory_id);
  CREATE INDEX ledger_by_status ON ledger (connector_id, status, context_id, memory_id);
  CREATE INDEX ledger_by_age ON ledger (connector_id, status, age, context_id, memory_id);
  CREATE INDEX ledger_oldest_unfinished ON ledger (connector_id, context_id, memory_created_at) WHERE ${unfinished};
  CREATE INDEX ledger_next_attempt ON ledger (connector_id, status, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

  CREATE TABLE payload (
    row_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
    memory TEXT NOT NULL
  ) STRICT;

  CREATE TABLE status_count (
    connector_id TEXT NOT NULL,
    status TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (connector_id, status)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER ledger_count_insert AFTER INSERT ON ledger BEGIN
    INSERT INTO status_count VALUES (new.connector_id, new.status, 1) ON CONFLICT DO UPDATE SET rows = rows + 1;
  END;
  CREATE TRIGGER ledger_count_delete AFTER DELETE ON ledger BEGIN
    UPDATE status_count SET rows = rows - 1 WHERE connector_id = old.connector_id AND status = old.status;
  END;
  CREATE TRIGGER ledger_count_move AFTER UPDATE OF status ON ledger WHEN old.status <> new.status BEGIN
    UPDATE status_count SET rows = rows - 1 WHERE connector_id = old.connector_id AND status = old.status;
    INSERT INTO status_count VALUES (new.connector_id, new.status, 1) ON CONFLICT DO UPDATE SET rows = rows + 1;
  END;

  CREATE TABLE sync_state (
    connector_id TEXT NOT NULL,
    context_id TEXT NOT NULL,
    watermark INTEGER,
    last_complete_listing_at INTEGER,
    truncated TEXT,
    last_listing_count INTEGER,
    PRIMARY KEY (connector_id, context_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE run (
    run_id TEXT PRIMARY KEY,
    connector_id TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX run_by_start ON run (started_at, run_id);
  CREATE INDEX run_by_connector ON run (connector_id, started_at, run_id);
  CREATE INDEX run_by_end ON run (ended_at) WHERE ended_at IS NOT NULL;

  PRAGMA application_id = ${applicationId};
  `,
  `
  CREATE TABLE schedule (
    connector_id TEXT PRIMARY KEY,
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE record (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE ledger ADD COLUMN source_hash TEXT;

  CREATE TABLE value (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    put_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX value_by_age ON value (put_at);
  `,
  `
  ALTER TABLE ledger ADD COLUMN missing_since INTEGER;
  ALTER TABLE ledger ADD COLUMN missing_listings INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE ledger ADD COLUMN group_key TEXT;
  CREATE INDEX ledger_by_group ON ledger (connector_id, context_id, group_key) WHERE group_key IS NOT NULL;
  `,
  `
  INSERT OR IGNORE INTO record
    SELECT 'erasure', erasure_id(connector_id, context_id, memory_id),
      json_object('connectorId', connector_id, 'erasedAt', changed_at)
    FROM ledger WHERE skip_reason = 'erased';
  `,
  `
  ALTER TABLE sync_state ADD COLUMN learnt TEXT;
  CREATE INDEX ledger_waiting ON ledger (connector_id, context_id, skip_reason, memory_created_at) WHERE ${waiting};
  `,
  memoryIndexStep,
  dayCountStep,
  memoryDayStep,
  facetStep,
  `
  ALTER TABLE ledger ADD COLUMN history TEXT NOT NULL DEFAULT '';
  `,
  `
  CREATE TABLE pushed (
    id INTEGER PRIMARY KEY,
    connector_id TEXT NOT NULL,
    context_id TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    pushed_at INTEGER NOT NULL,
    memory TEXT
  ) STRICT;
  CREATE UNIQUE INDEX pushed_by_key ON pushed (connector_id, context_id, memory_id);
  CREATE UNIQUE INDEX pushed_by_number ON pushed (connector_id, number);
  `,
  busiestAreasStep,
];

/**
 * The number of migrations that the file has had. Throws `STATE_FOREIGN` and `STATE_TOO_NEW` for a file that this program must not touch.
 */
export function schemaVersion(database: DatabaseSync, path: string): number {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  const { application_id: owner } = database.prepare("PRAGMA application_id").get() as {
    application_id: number;
  };
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as {
    tables: number;
  };
  if (owner !== applicationId && tables > 0) {
    throw new ConnectorError("STATE_FOREIGN", `${path} is the database of another program`, {
      subject: path,
    });
  }
  if (version > migrations.length) {
    const message = `${path} has schema ${version}, this program knows schemas up to ${migrations.length}`;
    throw new ConnectorError("STATE_TOO_NEW", message, { subject: path });
  }
  return version;
}

/** How long a process waits for another one's migration: a few minutes for a million memories on a slow disk. Milliseconds. */
const migrationTimeoutMs = 300_000;

/**
 * Runs the missing migrations, each in its own transaction. Another process may do the same concurrently. Leaves the connection's
 * busy timeout at `migrationTimeoutMs` if there was anything to do.
 */
export function migrate(database: DatabaseSync, path: string): void {
  database.function("erasure_id", { deterministic: true }, (connectorId, contextId, memoryId) =>
    erasureId({ connectorId: String(connectorId), contextId: String(contextId), memoryId: String(memoryId) }),
  );
  addAreaFunction(database);
  while (schemaVersion(database, path) < migrations.length) {
    database.exec(`PRAGMA busy_timeout = ${migrationTimeoutMs}; BEGIN IMMEDIATE`);
    try {
      const version = schemaVersion(database, path);
      const step = migrations[version];
      if (step !== undefined) database.exec(`${step}; PRAGMA user_version = ${version + 1}`);
      database.exec("COMMIT");
    } catch (thrown) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw thrown;
    }
  }
}
