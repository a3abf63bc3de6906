import { backup, DatabaseSync } from "node:sqlite";
import { checkDatabase } from "./sqlite-database.ts";
import { foldLog } from "./sqlite-transfer.ts";

/** So many pages at a time that it is one step: between steps a change by another process makes SQLite begin anew. */
const allPages = 2 ** 31 - 1;

/**
 * Copies the database into the file `target` while others go on reading and writing: SQLite's online backup, off the event loop. The
 * copy shows one moment, is complete in its one file, and has been checked. Throws `STATE_CORRUPT` and what SQLite throws.
 */
export async function backUpDatabase(path: string, target: string): Promise<void> {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    await backup(database, target, { rate: allPages });
  } finally {
    database.close();
  }
  foldLog(target);
  const copy = new DatabaseSync(target, { readOnly: true });
  try {
    checkDatabase(copy, path);
  } finally {
    copy.close();
  }
}
