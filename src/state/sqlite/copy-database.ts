import { extname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { checkDatabase } from "./sqlite-database.ts";
import { foldLog } from "./sqlite-transfer.ts";

/** The thread runs three statements; without limits it would reserve a large heap. */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };

/**
 * Writes a compact copy of the database into the empty file `target`, concurrently with readers and writers. In a worker thread,
 * because it takes seconds for a large ledger. It reads every table, so success proves that the database is intact.
 */
export function copyDatabase(source: string, target: string): Promise<void> {
  return inThread(source, target);
}

/**
 * Rewrites the database, so that removed data can no longer be read in it or in its log. Concurrent readers and writers are
 * allowed; throws when one of them reads for longer than half a minute.
 */
export function rewriteDatabase(source: string): Promise<void> {
  return inThread(source, null);
}

async function inThread(source: string, target: string | null): Promise<void> {
  const entry = new URL(`copy-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: { source, target }, resourceLimits });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.once("error", reject);
  worker.once("exit", (code) =>
    code === 0 ? resolve() : reject(new Error(`the copying thread ended with ${code}`)),
  );
  await promise;
}

/** All pages in one step: between steps a change by another process makes SQLite start over. */
const allPages = 2 ** 31 - 1;

/**
 * Copies the database into the file `target`, concurrently with readers and writers: SQLite's online backup, off the event loop.
 * The copy is a verified snapshot in a single file. Throws `STATE_CORRUPT` and SQLite's errors.
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
