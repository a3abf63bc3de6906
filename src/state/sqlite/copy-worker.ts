/**
 * Entry point of a worker thread: writes a compact copy of a database or, without a target, rewrites the database itself, so that
 * no removed data is left in it or in its log. Throws when tables are unreadable or stay in use.
 */
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { writeCopy } from "./write-copy.ts";

const { source, target } = workerData as { source: string; target: string | null };
if (target === null) writeAnew();
else writeCopy(source, target);

function writeAnew(): void {
  const database = new DatabaseSync(source, { timeout: 30_000 });
  database.exec("PRAGMA secure_delete = ON; VACUUM");
  const folded = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  database.close();
  if (folded?.busy !== 0) throw new Error("its log is being read by another process");
}
