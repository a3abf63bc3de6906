import { DatabaseSync } from "node:sqlite";

/**
 * Writes a compact copy of the database into the empty file `target`, in this thread. It reads every table. Throws SQLite's errors. A file of its
 * own, so that the copying thread loads nothing else.
 */
export function writeCopy(source: string, target: string): void {
  const database = new DatabaseSync(source, { readOnly: true, timeout: 5_000 });
  try {
    database.prepare("VACUUM INTO ?").run(target);
  } finally {
    database.close();
  }
}
