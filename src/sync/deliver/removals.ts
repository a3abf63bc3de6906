import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { halvesOf } from "../../kernel/util/collections.ts";
import type { RowPage } from "../../state/state-manager.ts";
import { isNamedAfter } from "../delivery-state.ts";
import type { AdmissionControl } from "../guards/admission.ts";
import { documentRef } from "../render-document.ts";
import { rowError } from "../retry-policy.ts";
import { type AdoptionParts, adoptHeld, type Looked } from "./adoption.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type RemovalParts = AdoptionParts & Pick<DeliverParts, "state" | "clock" | "settings" | "events" | "retries">;

const chunkSize = 100;
/** How long to leave a busy LightRAG alone when it does not say so itself. */
const busyRestMs = 5_000;

/**
 * Removes the documents of all `deleting` rows that are due and allowed, and waits until LightRAG confirms. Repeating it is harmless: LightRAG
 * takes ids that it does not have. Resolves to null, or, when LightRAG is too busy with other work to delete anything, to how
 * many milliseconds to leave it alone; that costs no row an attempt.
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

/** Looks, adopts, then deletes. */
async function removeRows(
  parts: RemovalParts,
  rows: readonly LedgerRow[],
  signal: AbortSignal,
): Promise<number | null> {
  const records = await parts.sink.find(rows.map(documentRef), signal);
  const looked = rows.map((row, index): Looked => ({ row, record: records[index] }));
  return removeAll(parts, await adoptHeld(parts, looked), signal);
}

/** A deletion that fails names no culprit: LightRAG deletes a group or does not. The group is divided until it is known. */
async function removeAll(
  parts: RemovalParts,
  looked: readonly Looked[],
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

/** Resolves to why these documents could not be removed; null when they are gone. Throws what is no document's fault. */
async function remove(
  parts: RemovalParts,
  looked: readonly Looked[],
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
 * The documents of these rows, without those of others: LightRAG may have answered an insert with a document of the same text that
 * is listed under a foreign name. A row lets go of such a one without removing it.
 */
function ownDocuments(parts: RemovalParts, looked: readonly Looked[]): string[] {
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

async function failAll(parts: RemovalParts, looked: readonly Looked[], error: ConnectorError): Promise<void> {
  await parts.ledger.apply(looked.map(({ row }) => ({ row, event: parts.retries.afterFailure(row, error) })));
}
