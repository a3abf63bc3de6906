import { ConnectorError, isConnectorError } from "../errors/connector-error.ts";
import type { DocumentRecord } from "../lightrag/light-rag-client.ts";
import type { LedgerRow, LedgerStatus } from "../state/ledger-row.ts";
import type { RowPage } from "../state/state-manager.ts";
import type { Allowance } from "./allowance.ts";
import { failureEvent } from "./retry-policy.ts";
import { notice, type RunContext } from "./run-context.ts";
import { documentRef } from "./wanted.ts";

const chunkSize = 100;
/** How long to leave a busy LightRAG alone when it does not say so itself. */
const busyRestMs = 5_000;

/** Failed rows whose wait is over: to be sent again, or first to be removed where LightRAG holds the failed document. */
export async function takeUpFailures(run: RunContext): Promise<void> {
  for (;;) {
    const { rows } = await dueRows(run, ["failed"]);
    if (rows.length === 0) return;
    await run.ledger.apply(rows.map((row) => ({ row, event: { type: "retry" } })));
  }
}

/**
 * Removes the documents of all `deleting` rows that are due and allowed, and waits until LightRAG confirms. Repeating it is harmless: LightRAG
 * takes ids that it does not have. Resolves to null, or, when LightRAG is too busy with other work to delete anything, to how
 * many milliseconds to leave it alone; that costs no row an attempt.
 */
export async function removeOldDocuments(run: RunContext, allowance: Allowance): Promise<number | null> {
  let after: string | null = null;
  do {
    const page = await dueRows(run, ["deleting"], after);
    const rows = page.rows.filter((row) => allowance.covers(row));
    const busy = rows.length === 0 ? null : await removeRows(run, rows);
    if (busy !== null) return busy;
    after = page.next;
  } while (after !== null);
  return null;
}

function dueRows(
  run: RunContext,
  statuses: readonly LedgerStatus[],
  after: string | null = null,
): Promise<RowPage> {
  const query = { connectorId: run.settings.connectorId, statuses, dueBefore: run.clock.now() };
  return run.state.pageRows(query, { limit: chunkSize, after });
}

async function removeRows(run: RunContext, rows: readonly LedgerRow[]): Promise<number | null> {
  try {
    await run.sink.remove(await ownDocuments(run, rows), run.signal);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.reaction === "stop-run") throw error;
    if (isConnectorError(error, "SINK_BUSY")) return restFrom(run, error);
    await failAll(run, rows, error);
    return null;
  }
  await run.ledger.apply(rows.map((row) => ({ row, event: { type: "gone" } })));
  return null;
}

/**
 * The documents of these rows, without those of others: LightRAG may have answered an insert with a document of the same text that
 * stands under a foreign name. A row lets go of such a one without removing it.
 */
async function ownDocuments(run: RunContext, rows: readonly LedgerRow[]): Promise<string[]> {
  const unsure = rows.filter((row) => !isNamedAfter(run, row));
  const records = unsure.length === 0 ? [] : await run.sink.find(unsure.map(documentRef), run.signal);
  const foreign = new Set(
    unsure.filter((row, index) => isForeign(row, records[index])).map((row) => row.documentId),
  );
  return rows.flatMap(({ documentId }) =>
    documentId === null || foreign.has(documentId) ? [] : [documentId],
  );
}

/** Since LightRAG 1.5 the id follows from the name alone. */
function isNamedAfter(run: RunContext, { fileSource, documentId }: LedgerRow): boolean {
  return run.sink.predictDocumentId({ fileSource, text: "" }) === documentId;
}

function isForeign({ fileSource, documentId }: LedgerRow, record: DocumentRecord | undefined): boolean {
  return record?.documentId === documentId && record.fileSource !== fileSource;
}

function restFrom(run: RunContext, busy: ConnectorError): number {
  notice(run, `LightRAG is busy; old documents are removed later: ${busy.message}`);
  return busy.retryAfterMs ?? busyRestMs;
}

async function failAll(run: RunContext, rows: readonly LedgerRow[], error: ConnectorError): Promise<void> {
  const now = run.clock.now();
  await run.ledger.apply(
    rows.map((row) => ({ row, event: failureEvent(row, error, run.settings.retry, now, run.random) })),
  );
}
