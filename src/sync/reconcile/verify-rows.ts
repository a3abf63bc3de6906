import type { DriftKind } from "../../domain/drift-report.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { keyOf } from "../memory-key.ts";
import { documentRef } from "../render-document.ts";
import { type Check, type InvalidDelivery, isFailed, isShown } from "./check.ts";
import { textNumber } from "./inventory.ts";

/** Looks each of these rows up in LightRAG individually, because a listing in pages may have missed it. */
export async function verifyRows(
  check: Check,
  rows: readonly LedgerRow[],
): Promise<{ invalid: InvalidDelivery[]; vanished: LedgerRow[] }> {
  const invalid: InvalidDelivery[] = [];
  const vanished: LedgerRow[] = [];
  if (rows.length === 0) return { invalid, vanished };
  const records = await check.parts.sink.find(rows.map(documentRef), check.signal);
  rows.forEach((row, index) => {
    const record = records[index] ?? check.foreign.get(keyOf(row));
    const kind = driftKindOf(check, row, record);
    if (kind === null) return;
    check.tally.add(kind, row.memoryId);
    if (isShown(check, row)) invalid.push({ row, documentId: ownDocument(row, record) });
    else if (record === undefined) vanished.push(row);
  });
  return { invalid, vanished };
}

function driftKindOf(
  { expected, foreign }: Check,
  row: LedgerRow,
  record: DocumentRecord | undefined,
): DriftKind | null {
  if (record === undefined) return "missing";
  if (record === foreign.get(keyOf(row))) return "changed";
  if (isFailed(record)) return "failed";
  const expectedText = expected.get(keyOf(row));
  const isOther = expectedText !== undefined && textNumber(row.fileSource, record) !== expectedText;
  return isOther ? "changed" : null;
}

/** A document under a foreign name is foreign, even if it was adopted because of its text. */
function ownDocument({ fileSource }: LedgerRow, record: DocumentRecord | undefined): string | null {
  return record?.fileSource === fileSource ? record.documentId : null;
}
