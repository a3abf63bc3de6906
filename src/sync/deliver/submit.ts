import pMap, { pMapSkip } from "p-map";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { AdmissionControl } from "../guards/admission.ts";
import type { RunContext } from "../run-context.ts";
import { Dispatcher, type DispatcherParts } from "./dispatcher.ts";
import { openQueue, type PendingQueue } from "./pending-queue.ts";

/** While one batch is on the wire, others have their ledger rows written: that keeps the wire busy. */
const batchesPerRequest = 6;
/** Documents from the other end of the queue that are tried before LightRAG is said to refuse everything. */
const lastTries = 3;

export interface SubmitParts extends Omit<DispatcherParts, "requests"> {
  admission: AdmissionControl;
}

/** How many documents one request may carry. */
export function batchSizeOf({ info, settings }: RunContext): number {
  return Math.min(info.maxBatch, settings.concurrency, settings.maxInFlight);
}

/**
 * Sends every pending row that is allowed, oldest memory first unless there is a budget, and puts what LightRAG accepted into the
 * window. Documents that have failed together with others come last, each with LightRAG to itself. Throws when LightRAG seems to
 * refuse everything.
 */
export async function submitPending(run: RunContext, parts: SubmitParts): Promise<void> {
  const requests = Math.max(1, Math.floor(run.settings.concurrency / batchSizeOf(run)));
  const dispatcher = new Dispatcher(run, { ...parts, requests });
  const queue = await openQueue(run, parts.admission);
  await sendTogether(run, dispatcher, queue, requests);
  while (dispatcher.isInDoubt && (await isTaking(dispatcher, queue)))
    await sendTogether(run, dispatcher, queue, requests);
  if (!dispatcher.isInDoubt) await sendAlone(dispatcher, queue, parts.window.capacity);
  await dispatcher.conclude();
}

async function sendTogether(
  run: RunContext,
  dispatcher: Dispatcher,
  queue: PendingQueue,
  requests: number,
): Promise<void> {
  const send = async (rows: readonly LedgerRow[]) => {
    if (!dispatcher.isInDoubt) await dispatcher.send(rows);
    return pMapSkip;
  };
  const batches = batchesOf(queue.together(), batchSizeOf(run));
  await pMap(batches, send, { concurrency: requests * batchesPerRequest, signal: run.signal });
}

/** Whether LightRAG takes a document after all: one that it has taken before, or one from the other end of the queue. */
async function isTaking(dispatcher: Dispatcher, queue: PendingQueue): Promise<boolean> {
  if (await dispatcher.hearWitness()) return true;
  for (const row of await queue.last(lastTries)) {
    await dispatcher.send([row]);
    if (!dispatcher.isInDoubt) return true;
  }
  return false;
}

async function sendAlone(dispatcher: Dispatcher, queue: PendingQueue, places: number): Promise<void> {
  for await (const row of queue.alone()) await dispatcher.send([row], places);
}

async function* batchesOf(
  rows: AsyncIterable<LedgerRow> | Iterable<LedgerRow>,
  size: number,
): AsyncGenerator<LedgerRow[]> {
  let batch: LedgerRow[] = [];
  for await (const row of rows) {
    if (batch.push(row) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
