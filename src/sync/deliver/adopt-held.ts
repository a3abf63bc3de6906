import { rowOfFileSource } from "../../documents/file-source.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { documentsPerPage } from "../../sinks/lightrag/light-rag-client.ts";
import { textOf } from "../render-document.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import { outcomeEvent, recordSubmission } from "./delivery-events.ts";
import { batchSizeOf } from "./submit.ts";
import { reportProgress } from "./verify.ts";

/** Rows that are looked up before a long listing is read. */
const sampled = 3;
/** To look a document up by its id in a long listing, whether LightRAG has refused it or not. */
const requestsPerLookUp = 3;
/** Fewer rows are sent without asking whether LightRAG holds them. */
const minPending = 30;

/** A pending row, and LightRAG's record of a document with its name. */
interface HeldRow {
  row: LedgerRow;
  record: DocumentRecord;
}

/**
 * Settles the pending rows whose documents LightRAG holds already, as after a loss of the state: one pass over its listing, nothing is
 * sent. What the listing does not show, and what changes meanwhile, is found when it is sent.
 */
export async function adoptHeld(parts: DeliverParts, signal: AbortSignal): Promise<void> {
  if (!(await isWorthwhile(parts, signal))) return;
  for await (const records of parts.sink.list(signal)) {
    const held = await pendingAmong(parts, records);
    if (held.length > 0) await settle(parts, held);
  }
}

/**
 * Whether LightRAG holds more than the ledger knows of, and its listing costs less than the inserts that it would refuse. Where neither
 * is certain, a few of the rows are looked up.
 */
async function isWorthwhile(parts: DeliverParts, signal: AbortSignal): Promise<boolean> {
  const { state, info, settings } = parts;
  const { documents = 0 } = info;
  const { pending, processed, submitted } = await state.countRows(settings.connectorId);
  if (documents <= processed + submitted) return false;
  const pages = Math.ceil(documents / documentsPerPage);
  if (pages <= Math.min(sampled * requestsPerLookUp, pending / batchSizeOf(parts))) return true;
  return pages <= pending * requestsPerLookUp && pending >= minPending && (await isAnyHeld(parts, signal));
}

/** Whether LightRAG holds one of the oldest pending memories, which it has had longest. */
async function isAnyHeld(parts: DeliverParts, signal: AbortSignal): Promise<boolean> {
  const query = { connectorId: parts.settings.connectorId, statuses: ["pending"], order: "oldest" } as const;
  const { rows } = await parts.state.pageRows(query, { limit: sampled });
  const refs = rows.flatMap((row) => {
    const text = textOf(parts, row);
    if (text === null) return [];
    const { fileSource } = row;
    return [{ fileSource, documentId: parts.sink.predictDocumentId({ fileSource, text }) }];
  });
  return (await parts.sink.find(refs, signal)).some((record) => record !== undefined);
}

async function pendingAmong(
  { state, settings: { connectorId, contextIds } }: DeliverParts,
  records: readonly DocumentRecord[],
): Promise<HeldRow[]> {
  const named = records.flatMap((record) => {
    const owner = rowOfFileSource(record.fileSource);
    return owner !== null && contextIds.includes(owner.contextId) ? [{ record, ...owner }] : [];
  });
  const held: HeldRow[] = [];
  for (const [contextId, ofContext] of Map.groupBy(named, (each) => each.contextId)) {
    const ids = ofContext.map(({ memoryId }) => memoryId);
    const rows = await state.getRows({ connectorId, contextId }, ids);
    for (const { record, memoryId } of ofContext) {
      const row = rows.get(memoryId);
      if (row?.status === "pending" && row.fileSource === record.fileSource) held.push({ row, record });
    }
  }
  return held;
}

/** The same steps as for a document that LightRAG refuses because it holds it. */
async function settle(parts: DeliverParts, held: readonly HeldRow[]): Promise<void> {
  const records = new Map(held.map(({ record }) => [record.fileSource, record]));
  const rows = Array.from(new Map(held.map(({ row }) => [row.fileSource, row])).values());
  const deliveries = await recordSubmission(parts, rows);
  const transitions = deliveries.flatMap((delivery) => {
    const record = records.get(delivery.row.fileSource);
    if (record === undefined) return [];
    return [{ row: delivery.row, event: outcomeEvent(parts, delivery, { kind: "exists", record }) }];
  });
  await parts.ledger.apply(transitions);
  reportProgress(parts);
}
