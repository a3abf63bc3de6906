import type { LedgerEvent, Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf, eventOf, proofOf } from "../delivery-state.ts";
import { documentRef, sentSummary, summaryOf } from "../render-document.ts";
import type { RunContext } from "../run-context.ts";

const chunkSize = 200;

/**
 * What the last process left in the middle of a delivery is settled by asking LightRAG, never by sending again blindly. Rows that
 * LightRAG is still working on stay `submitted`; `deleting` rows are taken up by the delivery, whose deletions are idempotent.
 */
export async function reconcile(run: RunContext): Promise<void> {
  let looked = 0;
  for await (const rows of interruptedRows(run)) {
    const records = await run.sink.find(rows.map(documentRef), run.signal);
    await run.ledger.apply(rows.flatMap((row, index) => settle(run, row, records[index])));
    looked += rows.length;
  }
  if (looked > 0)
    run.events.emit("run:notice", {
      message: `checked ${plural(looked, "delivery", "deliveries")} of an earlier run against LightRAG's records`,
    });
}

async function* interruptedRows(run: RunContext): AsyncGenerator<LedgerRow[]> {
  const query = { connectorId: run.settings.connectorId, statuses: ["submitting", "submitted"] as const };
  let after: string | null = null;
  do {
    const page = await run.state.pageRows(query, { limit: chunkSize, after });
    if (page.rows.length > 0) yield page.rows;
    after = page.next;
  } while (after !== null);
}

function settle(run: RunContext, row: LedgerRow, record: DocumentRecord | undefined): Transition[] {
  const event = eventFor(run, row, record);
  return event === null ? [] : [{ row, event }];
}

function eventFor(run: RunContext, row: LedgerRow, record: DocumentRecord | undefined): LedgerEvent | null {
  if (record === undefined) {
    // LightRAG may write the record of an accepted document late: `submitted` rows get their time in the delivery.
    return row.status === "submitting" ? { type: "requeue" } : null;
  }
  const state =
    row.status === "submitting"
      ? deliveryStateOf(run.sink, record, { row, text: summaryOf(run, row) })
      : proofOf(run.sink, record, { row, text: sentSummary(run, row) });
  return eventOf(run.retries, row, record, state);
}
