import pLimit from "p-limit";
import pMap, { pMapSkip } from "p-map";
import { ConnectorError, isConnectorError } from "../errors/connector-error.ts";
import type { DocumentRecord, OutgoingDocument, SubmitOutcome } from "../lightrag/light-rag-client.ts";
import type { LedgerEvent } from "../state/ledger.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import type { Allowance } from "./allowance.ts";
import { type InFlightWindow, inFlight } from "./in-flight-window.ts";
import type { Transition } from "./ledger-writer.ts";
import type { ModelLane } from "./model-lane.ts";
import { rowError } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";
import { eventOf, verdictOf } from "./verdict.ts";
import { wanted } from "./wanted.ts";

/** While one batch is on the wire, others have their ledger rows written: that keeps the wire busy. */
const lanesPerRequest = 6;
/** How long to wait when LightRAG is busy and does not say for how long. */
const busyRestMs = 1_000;

interface Delivery {
  row: LedgerRow;
  document: OutgoingDocument;
}

/**
 * Sends every pending row that is allowed, oldest memory first unless there is a budget, and puts what LightRAG accepted into the window. Each row is `submitting` on disk
 * before its request leaves.
 */
export async function submitPending(
  run: RunContext,
  window: InFlightWindow,
  lane: ModelLane,
  allowance: Allowance,
): Promise<void> {
  const batchSize = Math.min(run.info.maxBatch, run.settings.concurrency, window.capacity);
  const requests = Math.max(1, Math.floor(run.settings.concurrency / batchSize));
  const onTheWire = pLimit(requests);
  const send = async (rows: LedgerRow[]) => {
    await submitBatch(run, window, lane, rows, onTheWire);
    return pMapSkip;
  };
  const batches = allowance.isLimited
    ? batchesOf(await allowance.takePending(), batchSize)
    : pendingBatches(run, batchSize);
  await pMap(batches, send, {
    concurrency: requests * lanesPerRequest,
    signal: run.signal,
  });
}

/** Rows leave `pending` while they are paged through; the cursor is by order, so none is missed and none comes twice. */
async function* pendingBatches(run: RunContext, batchSize: number): AsyncGenerator<LedgerRow[]> {
  const query = { connectorId: run.settings.connectorId, statuses: ["pending"], order: "oldest" } as const;
  let after: string | null = null;
  do {
    const page = await run.state.pageRows(query, { limit: batchSize * 10, after });
    yield* batchesOf(page.rows, batchSize);
    after = page.next;
  } while (after !== null);
}

function* batchesOf(rows: LedgerRow[], batchSize: number): Generator<LedgerRow[]> {
  for (let start = 0; start < rows.length; start += batchSize) yield rows.slice(start, start + batchSize);
}

async function submitBatch(
  run: RunContext,
  window: InFlightWindow,
  lane: ModelLane,
  rows: readonly LedgerRow[],
  onTheWire: ReturnType<typeof pLimit>,
): Promise<void> {
  await window.reserve(rows.length, run.signal);
  let used = 0;
  try {
    const deliveries = await writeDown(run, rows);
    if (deliveries.length === 0) return;
    const outcomes = await onTheWire(() => send(run, lane, deliveries));
    used = await takeOutcomes(run, window, deliveries, outcomes);
  } finally {
    window.free(rows.length - used);
  }
}

/** Makes the rows `submitting`, durably; rows that are no document any more leave here. */
async function writeDown(run: RunContext, rows: readonly LedgerRow[]): Promise<Delivery[]> {
  const transitions: Transition[] = [];
  const documents: (OutgoingDocument | null)[] = [];
  for (const row of rows) {
    const prepared = wanted(run, row);
    const document =
      prepared?.kind === "document" ? { fileSource: prepared.fileSource, text: prepared.text } : null;
    documents.push(document);
    transitions.push({ row, event: submitEvent(run, row, prepared, document) });
  }
  const saved = await run.ledger.apply(transitions);
  return saved.flatMap((row, index) => {
    const document = documents[index];
    return document == null ? [] : [{ row, document }];
  });
}

function submitEvent(
  run: RunContext,
  row: LedgerRow,
  prepared: ReturnType<typeof wanted>,
  document: OutgoingDocument | null,
): LedgerEvent {
  if (prepared !== null && document !== null) {
    return {
      type: "submit",
      documentId: run.sink.predictDocumentId(document),
      contentHash: prepared.contentHash,
    };
  }
  if (prepared?.kind === "skip" && row.payload !== null) {
    const content = {
      memory: row.payload,
      contentHash: prepared.contentHash,
      sourceHash: row.sourceHash,
      groupKey: null,
      fileSource: prepared.fileSource,
    };
    return { type: "skip", wanted: content, reason: prepared.reason };
  }
  const error = new ConnectorError(
    "PAYLOAD_MISSING",
    "the ledger has lost the memory that was to be delivered",
    {
      subject: row.memoryId,
    },
  );
  return { type: "die", error: rowError(error) };
}

/** Sends one batch. Null: whether LightRAG has taken it is not known; its records will tell. */
async function send(
  run: RunContext,
  lane: ModelLane,
  deliveries: readonly Delivery[],
): Promise<SubmitOutcome[] | null> {
  for (;;) {
    await lane.pass(run.signal);
    try {
      return await run.sink.submit(
        deliveries.map(({ document }) => document),
        run.signal,
      );
    } catch (error) {
      if (isConnectorError(error, "SINK_OUTCOME_UNKNOWN")) return null;
      if (!isConnectorError(error, "SINK_BUSY")) throw error;
      await run.clock.sleep(error.retryAfterMs ?? busyRestMs, run.signal);
    }
  }
}

/** Resolves to the number of places in the window that are now taken. */
async function takeOutcomes(
  run: RunContext,
  window: InFlightWindow,
  deliveries: readonly Delivery[],
  outcomes: readonly SubmitOutcome[] | null,
): Promise<number> {
  if (outcomes === null) {
    for (const { row, document } of deliveries)
      window.add(inFlight(row, document.text, run.clock.monotonic()));
    return deliveries.length;
  }
  const transitions = deliveries.map((delivery, index) => ({
    row: delivery.row,
    event: eventFor(run, delivery, outcomes[index]),
  }));
  const saved = await run.ledger.apply(transitions);
  const accepted = saved.filter((row) => row.status === "submitted");
  for (const row of accepted) window.add(inFlight(row, null, run.clock.monotonic()));
  return accepted.length;
}

function eventFor(
  run: RunContext,
  { row, document }: Delivery,
  outcome: SubmitOutcome | undefined,
): LedgerEvent {
  if (outcome === undefined)
    throw new ConnectorError("INTERNAL", "LightRAG's client answered for too few documents");
  if (outcome.kind === "rejected") return { type: "die", error: rowError(outcome.error) };
  if (outcome.kind === "accepted") {
    run.report.counts.submitted += 1;
    return { type: "accepted", documentId: outcome.documentId, trackId: outcome.trackId };
  }
  return existsEvent(run, row, document, outcome.record);
}

/** LightRAG holds something under this name already: adopt it when it is the wanted text, else replace it. */
function existsEvent(
  run: RunContext,
  row: LedgerRow,
  document: OutgoingDocument,
  record: DocumentRecord,
): LedgerEvent {
  const verdict = verdictOf(record, document.text);
  if (verdict.kind === "proved" || verdict.kind === "wait") run.report.counts.adopted += 1;
  // Its failure is an old one, not that of this attempt.
  if (verdict.kind === "failed") return { type: "replace", documentId: record.documentId, reason: "retry" };
  return eventOf(run, row, record, verdict);
}
