import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/** The thread runs three statements; without limits it would take part of the machine for a heap of its own. */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };

/**
 * Writes a compact copy of the database into the empty file `target` while others go on reading and writing. In a worker thread,
 * because it takes seconds for a large ledger. Every table is read for it, so a copy that succeeds is a copy of a good database.
 */
export async function copyDatabase(source: string, target: string): Promise<void> {
  const entry = new URL(`copy-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: { source, target }, resourceLimits });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.once("error", reject);
  worker.once("exit", (code) =>
    code === 0 ? resolve() : reject(new Error(`the copying thread ended with ${code}`)),
  );
  await promise;
}
