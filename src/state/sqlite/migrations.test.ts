import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { migrate, migrations, schemaVersion } from "./migrations.ts";

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
