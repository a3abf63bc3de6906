import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { StateBackend } from "../../src/state/open-state.ts";

export interface RawRecord {
  collection: string;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests change records of every shape
  content: any;
}

/** Changes the small collections of a closed state behind its back, as somebody who may write the file and knows its format would. */
export function meddle(
  backend: StateBackend,
  path: string,
  change: (records: readonly RawRecord[]) => readonly RawRecord[],
): void {
  if (backend === "json") meddleWithFile(path, change);
  else meddleWithDatabase(path, change);
}

function meddleWithFile(path: string, change: (records: readonly RawRecord[]) => readonly RawRecord[]): void {
  const { format, version, sha256: _, ...content } = JSON.parse(readFileSync(path, "utf8"));
  const body = JSON.stringify({ ...content, records: change(content.records) }).slice(1);
  const sha256 = createHash("sha256").update(body).digest("hex");
  writeFileSync(path, `${JSON.stringify({ format, version, sha256 }).slice(0, -1)},\n${body}`);
}

function meddleWithDatabase(
  path: string,
  change: (records: readonly RawRecord[]) => readonly RawRecord[],
): void {
  const database = new DatabaseSync(path);
  const rows = database.prepare("SELECT collection, id, content FROM record ORDER BY collection, id").all();
  const records = rows.map(({ collection, id, content }) => ({
    collection: String(collection),
    id: String(id),
    content: JSON.parse(String(content)),
  }));
  database.exec("DELETE FROM record");
  const insert = database.prepare("INSERT INTO record VALUES (?, ?, ?)");
  for (const { collection, id, content } of change(records))
    insert.run(collection, id, JSON.stringify(content));
  database.close();
}
