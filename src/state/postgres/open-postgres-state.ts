import type { Clock } from "../../kernel/util/clock.ts";
import { boardOverRecords } from "../board-over-records.ts";
import { requireWellFormed, textsAreTruncated } from "../row-rules.ts";
import type { StateManager } from "../state-manager.ts";
import { storesOverTables } from "../stores-over-tables.ts";
import { bellOf } from "./bell.ts";
import { fencedTables } from "./fenced-tables.ts";
import { JobQueue } from "./job-queue.ts";

import { Leases } from "./leases.ts";
import { PostgresLedgerTable } from "./ledger-table.ts";
import { PostgresMemoryIndex } from "./memory-index.ts";
import { migrate, newestSchema, type SchemaPlace, schemaVersion } from "./migrations.ts";
import { PlayedUnits } from "./played-tables.ts";
import { PostgresAccess } from "./postgres-access.ts";
import { toPostgresError } from "./postgres-error.ts";
import { postgresLedger, postgresMemories } from "./postgres-ledger.ts";
import { changeSchedulesIn, postgresSharedRuns } from "./postgres-shared-runs.ts";
import { smallTables } from "./small-tables.ts";
import { type SqlClient, type SqlPool, tablesOf } from "./sql-pool.ts";

export interface PostgresOptions {
  /** Closed with the state, and when it cannot be opened. */
  pool: SqlPool;
  schema: string;
  /** For people: without secrets. */
  location: string;
  clock: Clock;
}

/** Opens the state for reading and writing, in any number of processes on any number of machines. Makes and migrates its schema. */
export async function openPostgresState(options: PostgresOptions): Promise<StateManager> {
  return opening(options, async (place) => {
    await onOne(options.pool, (connection) => migrate(connection, place));
    const { manager, leases } = managerOf(options, place, false);
    await leases.join();
    return manager;
  });
}

/** Opens the state for reading. Null where there is none yet: nothing is made. */
export async function openPostgresStateForReading(options: PostgresOptions): Promise<StateManager | null> {
  return opening(options, async (place) => {
    const version = await onOne(options.pool, (connection) => schemaVersion(connection, place));
    // Only a writer can migrate an older schema.
    if (version !== null && version > 0 && version < newestSchema)
      await onOne(options.pool, (connection) => migrate(connection, place));
    if (version !== null && version > 0) return managerOf(options, place, true).manager;
    await options.pool.end();
    return null;
  });
}

async function opening<T>(
  { pool, schema, location }: PostgresOptions,
  work: (place: SchemaPlace) => Promise<T>,
): Promise<T> {
  try {
    return await work({ schema, location, tables: tablesOf(schema) });
  } catch (thrown) {
    await pool.end().catch(() => undefined);
    throw toPostgresError(thrown, "open", location);
  }
}

async function onOne<T>(
  pool: SqlPool,
  work: (connection: Awaited<ReturnType<SqlPool["connect"]>>) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect();
  try {
    return await work(connection);
  } finally {
    connection.release();
  }
}

function managerOf({ pool, clock, schema }: PostgresOptions, place: SchemaPlace, isReadOnly: boolean) {
  const { tables: t, location } = place;
  const access = new PostgresAccess(pool, place, clock, isReadOnly);
  const leases = new Leases(t, access, clock);
  const small = smallTables(t, schema);
  const queue = new JobQueue(pool, schema);
  const table = new PostgresLedgerTable(t);
  const ledger = { removeSome: table.removeSome.bind(table) };
  const units = new PlayedUnits(fencedTables({ ...small, ledger }, leases));
  const parts = {
    access,
    table,
    memories: new PostgresMemoryIndex(t),
    small,
    leases,
    now: () => clock.now(),
  };
  const played = {
    read: <T>(unit: () => T) => access.read((client) => units.play(client, unit)),
    change: <T>(unit: () => T) => access.change((client) => units.play(client, unit)),
  };
  const stores = storesOverTables({
    tables: units.tables,
    clock,
    ...played,
    changeAlone: (unit) => access.change((client) => units.play(client, unit), "alone"),
  });
  const trial = (client: SqlClient) => small.values.put(client, trialKey, true, clock.now());
  const manager: StateManager = {
    location,
    notices: [],
    ...postgresLedger(parts),
    ...postgresMemories(parts),
    ...stores,
    changeSchedules: changeSchedulesIn(access, small.schedules),
    board: boardOverRecords({ table: units.tables.records, ...played, clock, bell: bellOf(pool, schema) }),
    condition: () => access.condition(trial),
    expunge: async () => {
      for (const name of [t.ledger, t.facet, t.record, t.value, t.pushed])
        await access.maintain(`VACUUM (FULL) ${name}`);
      await stores.values.removeBeginning(textsAreTruncated);
      return [];
    },
    // PostgreSQL's log is the server's, and so is how long it keeps it.
    foldLog: async () => undefined,
    lockConnector: async (connectorId, runId) => {
      requireWellFormed(connectorId);
      return leases.take(connectorId, runId);
    },
    holderOf: (connectorId) => leases.holderOf(connectorId),
    announceScheduler: () => leases.announceScheduler(),
    schedulers: () => leases.schedulers(),
    isInUse: () => leases.isInUse(),
    sharedRuns: postgresSharedRuns({ access, queue, schedules: small.schedules, leases, clock }),
    close: async () => {
      await Promise.all([queue.close(), access.close((client) => leases.leave(client))]);
    },
  };
  return { manager, leases };
}

/** Key of no service, so it cannot collide with a cached answer. */
const trialKey = "\u0000trial of writing";
