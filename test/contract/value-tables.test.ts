import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { UndoLog } from "../../src/state/json/json-table.ts";
import { JsonValueTable } from "../../src/state/json/json-value-table.ts";
import { migrate } from "../../src/state/sqlite/migrations.ts";
import { SqliteValueTable } from "../../src/state/sqlite/sqlite-value-table.ts";
import type { ValueTable } from "../../src/state/state-tables.ts";

const tables: Record<string, () => ValueTable> = {
  json: () => new JsonValueTable(new UndoLog()),
  sqlite: () => {
    const database = new DatabaseSync(":memory:");
    onTestFinished(() => database.close());
    migrate(database, ":memory:");
    return new SqliteValueTable(database);
  },
};

test.each(Object.entries(tables))("%s: of too many answers the oldest are forgotten", (_, make) => {
  const table = make();
  ["a", "b", "c", "d"].forEach((key, at) => {
    table.put(key, at, at);
  });
  table.put("a", "again", 4);
  table.forget({ before: 0, keep: 2 });
  expect(["a", "b", "c", "d"].map((key) => table.get(key))).toEqual(["again", undefined, undefined, 3]);
});
