import type { FileHandle } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import type { Clock } from "../../src/kernel/util/clock.ts";
import type { StateWriter } from "../../src/state/embedded-access.ts";
import { embeddedStateManager } from "../../src/state/embedded-state-manager.ts";
import type { FilePlace } from "../../src/state/file-place.ts";
import { type BatchStore, GroupCommit } from "../../src/state/group-commit.ts";
import { JsonStore } from "../../src/state/json/json-store.ts";
import type { StateBackend } from "../../src/state/open-state.ts";
import { DurableBatches } from "../../src/state/sqlite/durable-batches.ts";
import { migrate } from "../../src/state/sqlite/migrations.ts";
import { sqliteTables } from "../../src/state/sqlite/open-sqlite-state.ts";
import type { ConnectorLock, StateManager } from "../../src/state/state-manager.ts";
import type { StateTables } from "../../src/state/state-tables.ts";

const place = { require: () => undefined, note: () => undefined } as unknown as FilePlace;

interface MemoryTables {
  tables: StateTables;
  batches: BatchStore;
}

/** A state that no file stands behind, with the tables of a backend: the same rules, nothing to wait for. It ends with the test by itself. */
export function memoryState(clock: Clock, backend: StateBackend = "json"): StateManager {
  const { tables, batches } = backend === "json" ? jsonTables() : tablesInSqlite(clock);
  const writer = {
    commits: new GroupCommit(batches),
    copies: { noteChange: () => undefined, renew: async () => undefined, close: async () => undefined },
    locks: memoryLocks(),
    place,
    rewrite: async () => undefined,
    foldLog: () => true,
  } as unknown as StateWriter;
  return embeddedStateManager({
    location: "memory",
    notices: [],
    tables,
    clock,
    writer,
    writersShare: false,
    noteDamage: async () => undefined,
    release: async () => undefined,
  });
}

function jsonTables(): MemoryTables {
  const content = {
    ledger: [],
    syncStates: [],
    runs: [],
    schedules: [],
    records: [],
    values: [],
    pushed: [],
  };
  const store = new JsonStore(content, async () => undefined);
  return { tables: store, batches: store };
}

function tablesInSqlite(clock: Clock): MemoryTables {
  const database = new DatabaseSync(":memory:");
  migrate(database, "memory");
  const log = { datasync: async () => undefined } as unknown as FileHandle;
  return { tables: sqliteTables(database), batches: new DurableBatches(database, log, clock, place) };
}

function memoryLocks() {
  const held = new Map<string, string | null>();
  return {
    take(connectorId: string, runId: string | null = null): ConnectorLock {
      if (held.has(connectorId))
        throw new ConnectorError("CONNECTOR_LOCKED", `connector "${connectorId}" is being worked on`, {
          subject: connectorId,
        });
      held.set(connectorId, runId);
      return { release: async () => void held.delete(connectorId) };
    },
    holderOf: (connectorId: string) => {
      const runId = held.get(connectorId);
      return runId === undefined ? null : { name: "this test", since: null, runId };
    },
    releaseAll: () => held.clear(),
  };
}
