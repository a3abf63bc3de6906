import type { Written } from "../../documents/memory-transformer.ts";
import type { LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { OutgoingDocument } from "../../sinks/lightrag/light-rag-client.ts";
import { renderDocument } from "../render-document.ts";
import { rowError } from "../retry-policy.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type WriteParts = Pick<DeliverParts, "sink" | "transformer" | "ledger">;

/** A row that is `submitting` on disk, and what is to be sent for it. */
export interface Delivery {
  row: LedgerRow;
  document: OutgoingDocument;
}

/** Makes the rows `submitting`, durably; rows that are no document any more leave here. */
export async function writeDown(parts: WriteParts, rows: readonly LedgerRow[]): Promise<Delivery[]> {
  const prepared = rows.map((row) => renderDocument(parts, row));
  const saved = await parts.ledger.apply(
    rows.map((row, index) => ({ row, event: submitEvent(parts, row, prepared[index]) })),
  );
  return saved.flatMap((row, index) => {
    const written = prepared[index];
    return written?.kind === "document"
      ? [{ row, document: { fileSource: written.fileSource, text: written.text } }]
      : [];
  });
}

function submitEvent(parts: WriteParts, row: LedgerRow, prepared: Written | null | undefined): LedgerEvent {
  const { payload: memory, sourceHash } = row;
  if (prepared == null || memory === null) {
    const message = "the ledger has lost the memory that was to be delivered";
    return { type: "die", error: rowError(new ConnectorError("PAYLOAD_MISSING", message)) };
  }
  const { contentHash, fileSource } = prepared;
  if (prepared.kind === "document")
    return { type: "submit", documentId: parts.sink.predictDocumentId(prepared), contentHash };
  const content = { memory, contentHash, sourceHash, groupKey: null, fileSource };
  return { type: "skip", content, reason: prepared.reason };
}
