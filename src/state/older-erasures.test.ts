import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { erasureId } from "./erasure-store.ts";
import { decodeState } from "./json/json-file.ts";
import { migrate, migrations } from "./sqlite/migrations.ts";

const key = { connectorId: "c", contextId: "x", memoryId: "m" };
const erasure = {
  collection: "erasure",
  id: erasureId(key),
  content: { connectorId: "c", erasedAt: 9 },
};

test("what an older program had erased is on the list once its database is brought up to date", () => {
  const path = join(temporaryFolder(), "state");
  const database = new DatabaseSync(path);
  for (const step of migrations.slice(0, 6)) database.exec(step);
  database.exec("PRAGMA user_version = 6");
  const insert = database.prepare(
    `INSERT INTO ledger (connector_id, context_id, memory_id, status, version, file_source, attempts, skip_reason,
      first_seen_at, changed_at) VALUES ('c', 'x', ?, 'skipped', 1, 'f', 0, ?, 1, 9)`,
  );
  insert.run("m", "erased");
  insert.run("n", "empty");
  migrate(database, path);
  const records = database.prepare("SELECT collection, id, content FROM record").all();
  expect(records.map((record) => ({ ...record, content: JSON.parse(String(record.content)) }))).toEqual([
    erasure,
  ]);
  expect(database.prepare("SELECT count(*) AS rows FROM ledger").get()).toEqual({ rows: 2 });
  database.close();
});

test("and so it is in a JSON state", () => {
  const rows = [
    { ...key, skipReason: "erased", changedAt: 9 },
    { ...key, memoryId: "n", skipReason: "empty", changedAt: 9 },
  ];
  const sections = ["syncStates", "runs", "schedules", "records", "values"].map((name) => `"${name}":[]`);
  const body = `"ledger":${JSON.stringify(rows)},${sections.join(",")}}\n`;
  const sha256 = createHash("sha256").update(body).digest("hex");
  const file = `{"format":"memory-connector-state","version":6,"sha256":"${sha256}",\n${body}`;
  const { records, ledger } = decodeState(Buffer.from(file), "state");
  expect(records).toEqual([erasure]);
  expect(ledger).toHaveLength(2);
});
