import pMap, { pMapSkip } from "p-map";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import type { AdmissionControl } from "../guards/admission.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import { Dispatcher, type Dispatching, type SendParts } from "./dispatcher.ts";
import { openQueue, type PendingQueue } from "./pending-queue.ts";

/** The ledger rows of further batches are written during a request, so that requests follow one another without a gap. */
const batchesPerRequest = 6;
/** Documents from the end of the queue that are tried before LightRAG is assumed to refuse everything. */
const lastTries = 3;

type SubmitParts = SendParts & Pick<DeliverParts, "state" | "info" | "settings">;

/** The state that the submission shares with the rest of a round. */
export interface Submission extends Omit<Dispatching, "requests"> {
  admission: AdmissionControl;
}

/** The most documents of one request. */
export function batchSizeOf({ info, settings }: Pick<DeliverParts, "info" | "settings">): number {
  return Math.min(info.maxBatch, settings.concurrency, settings.maxInFlight);
}

/**
 * Sends every admitted pending row, oldest memory first unless there is a budget, and adds accepted documents to the window.
 * Documents that have failed together with others are sent last, each alone. Throws when LightRAG seems to refuse everything.
 */
export async function submitPending(parts: SubmitParts, submission: Submission): Promise<void> {
  const requests = Math.max(1, Math.floor(parts.settings.concurrency / batchSizeOf(parts)));
  const dispatcher = new Dispatcher(parts, { ...submission, requests });
  const queue = await openQueue(parts, submission.admission);
  const together = { batchSize: batchSizeOf(parts), requests, signal: submission.signal };
  await sendTogether(dispatcher, queue, together);
  while (dispatcher.seemsRefused && (await isTaking(dispatcher, queue)))
    await sendTogether(dispatcher, queue, together);
  if (!dispatcher.seemsRefused) await sendAlone(dispatcher, queue, submission.window.capacity);
  await dispatcher.conclude();
}

async function sendTogether(
  dispatcher: Dispatcher,
  queue: PendingQueue,
  { batchSize, requests, signal }: { batchSize: number; requests: number; signal: AbortSignal },
): Promise<void> {
  const send = async (rows: readonly LedgerRow[]) => {
    if (!dispatcher.seemsRefused) await dispatcher.send(rows);
    return pMapSkip;
  };
  const batches = batchesOf(queue.together(), batchSize);
  await pMap(batches, send, { concurrency: requests * batchesPerRequest, signal });
}

/** Whether LightRAG accepts any document: one that it has accepted before, or one from the end of the queue. */
async function isTaking(dispatcher: Dispatcher, queue: PendingQueue): Promise<boolean> {
  if (await dispatcher.probeAcceptance()) return true;
  for (const row of await queue.last(lastTries)) {
    await dispatcher.send([row]);
    if (!dispatcher.seemsRefused) return true;
  }
  return false;
}

async function sendAlone(dispatcher: Dispatcher, queue: PendingQueue, places: number): Promise<void> {
  for await (const row of queue.alone()) await dispatcher.send([row], places);
}
