import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { LedgerEvent, Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { DocumentRecord, LightRagClient } from "../../sinks/lightrag/light-rag-client.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { deliveryStateOf, eventOf, proofOf } from "../delivery-state.ts";
import type { RunEvents } from "../events.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import { documentRef, sentSummary, summaryOf } from "../render-document.ts";
import type { Retries } from "../retry-policy.ts";
import type { SyncSettings } from "../sync-settings.ts";

export interface RecoverParts {
  readonly state: Pick<StateManager, "pageRows">;
  readonly sink: Pick<LightRagClient, "find" | "predictDocumentId">;
  readonly transformer: Pick<MemoryTransformer, "write">;
  readonly ledger: LedgerWriter;
  readonly retries: Retries;
  readonly events: Emitter<RunEvents>;
  readonly settings: Pick<SyncSettings, "connectorId">;
}

const chunkSize = 200;

/**
 * Recovers deliveries that the last process left in flight by looking them up in LightRAG, never by sending them again blindly.
 * Rows that LightRAG is still processing remain `submitted`; the delivery continues `deleting` rows, because its deletions are
 * idempotent.
 */
export async function recoverInFlight(parts: RecoverParts, signal: AbortSignal): Promise<void> {
  const { state, settings } = parts;
  const query = { connectorId: settings.connectorId, statuses: ["submitting", "submitted"] } as const;
  let looked = 0;
  for await (const rows of batchesOf(allRows(state, query), chunkSize)) {
    const records = await parts.sink.find(rows.map(documentRef), signal);
    await parts.ledger.apply(rows.flatMap((row, index) => settle(parts, row, records[index])));
    looked += rows.length;
  }
  if (looked > 0)
    parts.events.emit("run:notice", {
      message: `checked ${plural(looked, "delivery", "deliveries")} of an earlier run against LightRAG's records`,
    });
}

function settle(parts: RecoverParts, row: LedgerRow, record: DocumentRecord | undefined): Transition[] {
  const event = eventFor(parts, row, record);
  return event === null ? [] : [{ row, event }];
}

function eventFor(
  parts: RecoverParts,
  row: LedgerRow,
  record: DocumentRecord | undefined,
): LedgerEvent | null {
  if (record === undefined) {
    // LightRAG may write the record of an accepted document late: the delivery waits for `submitted` rows.
    return row.status === "submitting" ? { type: "requeue" } : null;
  }
  const state =
    row.status === "submitting"
      ? deliveryStateOf(parts.sink, record, { row, text: summaryOf(parts, row) })
      : proofOf(parts.sink, record, { row, text: sentSummary(parts, row) });
  return eventOf(parts.retries, row, record, state);
}
