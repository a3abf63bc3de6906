import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { timeUnitMs } from "../memory-query.ts";
import { migrate, migrations, schemaVersion } from "./migrations.ts";
import { SqliteMemoryIndex } from "./sqlite-memory-index.ts";

function openDatabase(path = join(temporaryFolder(), "db")) {
  const database = new DatabaseSync(path, { timeout: 5000 });
  onTestFinished(() => database.close());
  return { path, database };
}

test("a new database takes every step, and one that is up to date takes none", () => {
  const { path, database } = openDatabase();
  migrate(database, path);
  expect(schemaVersion(database, path)).toBe(migrations.length);
  migrate(database, path);
  expect(schemaVersion(database, path)).toBe(migrations.length);
});

test("a database of an earlier program keeps what it holds", () => {
  const { path, database } = openDatabase();
  database.exec(`${migrations[0]}; PRAGMA user_version = 1`);
  database.exec("INSERT INTO run VALUES ('r', 'c', 1, 2, '{}')");
  migrate(database, path);
  expect(database.prepare("SELECT run_id FROM run").all()).toEqual([{ run_id: "r" }]);
  expect(database.prepare("SELECT * FROM schedule").all()).toEqual([]);
});

test("memories of an earlier program are found by time and place, and documents of groups are none", () => {
  const { path, database } = openDatabase();
  for (const step of migrations.slice(0, 8)) {
    database.function("erasure_id", (_connectorId, _contextId, memoryId) => memoryId);
    database.exec(step);
  }
  database.exec("PRAGMA user_version = 8");
  const insert =
    database.prepare(`INSERT INTO ledger (connector_id, context_id, memory_id, status, version, file_source, attempts,
    memory_created_at, first_seen_at, changed_at, latitude, longitude, group_key) VALUES ('c', 'x', ?, ?, 1, 'f', 0, ?, 0, 0, 38.71, -9.14, ?)`);
  insert.run("m", "processed", -1, null);
  insert.run("gone", "deleted", 5, null);
  insert.run("group", "processed", 5, "group");
  migrate(database, path);
  const memories = new SqliteMemoryIndex(database);
  const area = { kind: "area", key: "0.1:38.7:-9.2" } as const;
  const found = memories.search({ connectorId: "c", facets: [area] }, { limit: 5 });
  expect(found.rows.map(({ memoryId }) => memoryId)).toEqual(["m"]);
  expect(memories.countFacets("c", "area", [area.key])).toMatchObject([{ count: 1 }]);
  const before = memories.countInSpan({ connectorId: "c" }, { from: -timeUnitMs, to: 0 });
  expect(before).toMatchObject({ processed: 1, deleted: 0 });
  const day = { from: -96 * timeUnitMs, to: 96 * timeUnitMs };
  expect(memories.countInSpan({ connectorId: "c" }, day)).toMatchObject({ processed: 1, deleted: 1 });
  const behind = memories.countInSpan({ connectorId: "c" }, { from: 0, to: timeUnitMs });
  expect(behind).toMatchObject({ processed: 0, deleted: 1 });
});

test("a step that fails is taken back whole", () => {
  const { path, database } = openDatabase();
  database.exec("CREATE TABLE run (other INTEGER); PRAGMA application_id = 1298492739");
  expect(() => migrate(database, path)).toThrow("already exists");
  expect(schemaVersion(database, path)).toBe(0);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  expect(tables.map(({ name }) => name)).toEqual(["run"]);
});

test("a schema that is newer than the program is refused", () => {
  const { path, database } = openDatabase();
  migrate(database, path);
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  expect(() => migrate(database, path)).toThrow(expect.objectContaining({ code: "STATE_TOO_NEW" }));
});

test("a process that has to migrate waits minutes for another one that does: a large ledger takes that long", () => {
  const { path, database } = openDatabase();
  migrate(database, path);
  expect(database.prepare("PRAGMA busy_timeout").get()?.timeout).toBeGreaterThanOrEqual(120_000);
});
