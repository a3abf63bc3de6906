import type { LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { halvesOf } from "../../kernel/util/collections.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import type { RowPage } from "../../state/state-manager.ts";
import { deliveryStateOf, isNamedAfter } from "../delivery-state.ts";
import type { AdmissionControl } from "../guards/admission.ts";
import { documentRef, renderDocument } from "../render-document.ts";
import { rowError } from "../retry-policy.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type RemovalParts = AdoptionParts & Pick<DeliverParts, "state" | "clock" | "settings" | "events" | "retries">;

const chunkSize = 100;
/** How long to wait for a busy LightRAG when it states no time. */
const busyRestMs = 5_000;

/**
 * Removes the documents of all `deleting` rows that are due and allowed, and waits until LightRAG confirms. It is idempotent:
 * LightRAG accepts unknown ids. Resolves to null, or, when LightRAG is too busy with other work to delete anything, to the
 * milliseconds to wait; that costs no row an attempt.
 */
export async function removeOldDocuments(
  parts: RemovalParts,
  admission: Pick<AdmissionControl, "covers">,
  signal: AbortSignal,
): Promise<number | null> {
  let after: string | null = null;
  do {
    const page = await dueRows(parts, after);
    const rows = page.rows.filter((row) => admission.covers(row));
    const busy = rows.length === 0 ? null : await removeRows(parts, rows, signal);
    if (busy !== null) return busy;
    after = page.next;
  } while (after !== null);
  return null;
}

function dueRows(parts: RemovalParts, after: string | null): Promise<RowPage> {
  const statuses = ["deleting"] as const;
  const query = { connectorId: parts.settings.connectorId, statuses, dueBefore: parts.clock.now() };
  return parts.state.pageRows(query, { limit: chunkSize, after });
}

/** Looks the documents up, adopts some, then deletes the rest. */
async function removeRows(
  parts: RemovalParts,
  rows: readonly LedgerRow[],
  signal: AbortSignal,
): Promise<number | null> {
  const records = await parts.sink.find(rows.map(documentRef), signal);
  const looked = rows.map((row, index): RowWithRecord => ({ row, record: records[index] }));
  return removeAll(parts, await adoptHeld(parts, looked), signal);
}

/**
 * A failed deletion does not name its cause: LightRAG deletes a group as a whole or not at all. The group is divided until the
 * cause is found.
 */
async function removeAll(
  parts: RemovalParts,
  looked: readonly RowWithRecord[],
  signal: AbortSignal,
): Promise<number | null> {
  if (looked.length === 0) return null;
  const failure = await remove(parts, looked, signal);
  if (failure === null) return null;
  if (failure.code === "SINK_BUSY") return restFrom(parts, failure);
  if (looked.length === 1) {
    await failAll(parts, looked, failure);
    return null;
  }
  for (const half of halvesOf(looked)) {
    const busy = await removeAll(parts, half, signal);
    if (busy !== null) return busy;
  }
  return null;
}

/**
 * Resolves to the reason why these documents could not be removed; null when they are gone. Throws errors that are not caused by a
 * document.
 */
async function remove(
  parts: RemovalParts,
  looked: readonly RowWithRecord[],
  signal: AbortSignal,
): Promise<ConnectorError | null> {
  try {
    const refused = await parts.sink.remove(ownDocuments(parts, looked), signal);
    for (const error of refused) parts.report.addError(rowError(error));
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.reaction === "stop-run") throw error;
    return error;
  }
  await parts.ledger.apply(looked.map(({ row }) => ({ row, event: { type: "gone" } })));
  return null;
}

/**
 * The documents of these rows, without foreign ones: LightRAG may have answered an insert with a document of the same text that is
 * listed under a foreign name. A row releases such a document without removing it.
 */
function ownDocuments(parts: RemovalParts, looked: readonly RowWithRecord[]): string[] {
  return looked.flatMap(({ row, record }) => {
    const isForeign = record?.documentId === row.documentId && record?.fileSource !== row.fileSource;
    const isOurs = isNamedAfter(parts.sink, row) || !isForeign;
    return row.documentId !== null && isOurs ? [row.documentId] : [];
  });
}

function restFrom(parts: RemovalParts, busy: ConnectorError): number {
  parts.events.emit("run:notice", {
    message: `LightRAG is busy; old documents are removed later: ${busy.message}`,
  });
  return busy.retryAfterMs ?? busyRestMs;
}

async function failAll(
  parts: RemovalParts,
  looked: readonly RowWithRecord[],
  error: ConnectorError,
): Promise<void> {
  await parts.ledger.apply(looked.map(({ row }) => ({ row, event: parts.retries.afterFailure(row, error) })));
}

type AdoptionParts = Pick<DeliverParts, "sink" | "transformer" | "ledger" | "report" | "options">;

/** A row whose document is to be removed, and LightRAG's current record of it. */
interface RowWithRecord {
  row: LedgerRow;
  record: DocumentRecord | undefined;
}

/**
 * Adopts documents that need not be removed: one that was considered lost and has been processed meanwhile, or one whose expected
 * text is being processed. Resolves to the remaining rows.
 */
async function adoptHeld(parts: AdoptionParts, looked: readonly RowWithRecord[]): Promise<RowWithRecord[]> {
  const adoptions = looked.map((each) => adoption(parts, each));
  const transitions = looked.flatMap(({ row }, index) => {
    const event = adoptions[index];
    return event == null ? [] : [{ row, event }];
  });
  await parts.ledger.apply(transitions);
  parts.report.counts.adopted += transitions.length;
  return looked.filter((_, index) => adoptions[index] === null);
}

/** Null when the document is to be removed. */
function adoption(parts: AdoptionParts, { row, record }: RowWithRecord): LedgerEvent | null {
  if (record === undefined || !mayBeKept(parts, row)) return null;
  const prepared = renderDocument(parts, row);
  if (prepared?.kind !== "document") return null;
  const { kind } = deliveryStateOf(parts.sink, record, { row, text: summarize(prepared.text) });
  // A document that was stuck is not awaited again.
  const isAtWork = kind === "wait" && row.error?.code !== "SINK_DOCUMENT_STUCK";
  if (kind !== "proved" && !isAtWork) return null;
  return {
    type: "adopt",
    documentId: record.documentId,
    trackId: record.trackId ?? "",
    contentHash: prepared.contentHash,
  };
}

/**
 * A document that is to be replaced by another version may turn out to be that version. A forced delivery sends the same text again.
 */
function mayBeKept(parts: AdoptionParts, { deleteReason }: LedgerRow): boolean {
  return deleteReason === "retry" || (deleteReason === "update" && !parts.options.force);
}
