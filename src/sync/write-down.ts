import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { OutgoingDocument } from "../lightrag/light-rag-client.ts";
import type { LedgerEvent } from "../state/ledger.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import type { Transition } from "./ledger-writer.ts";
import { rowError } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";
import { wanted } from "./wanted.ts";

/** A row that is `submitting` on disk, and what is to be sent for it. */
export interface Delivery {
  row: LedgerRow;
  document: OutgoingDocument;
}

/** Makes the rows `submitting`, durably; rows that are no document any more leave here. */
export async function writeDown(run: RunContext, rows: readonly LedgerRow[]): Promise<Delivery[]> {
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
  const message = "the ledger has lost the memory that was to be delivered";
  return { type: "die", error: rowError(new ConnectorError("PAYLOAD_MISSING", message)) };
}
