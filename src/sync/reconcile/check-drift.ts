import { isShortened, rowOfFileSource } from "../../documents/file-source.ts";
import type { Drift } from "../../domain/drift-report.ts";
import { isGroup, type LedgerRow, unfinishedStatuses } from "../../domain/ledger-row.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { allRows } from "../../state/ledger-rows.ts";
import { keyOf } from "../memory-key.ts";
import { mergedDocumentOf } from "../merged-documents.ts";
import { SeenIds } from "../seen-ids.ts";
import { type Check, type DriftParts, DriftTally, type InvalidDelivery, isFailed, isShown } from "./check.ts";
import { Inventory, textNumber } from "./inventory.ts";
import { readSource } from "./read-source.ts";
import { verifyRows } from "./verify-rows.ts";

export interface DriftFindings {
  drift: Drift;
  documents: number;
  delivered: number;
  memories: number;
  truncated: string | null;
  invalid: readonly InvalidDelivery[];
  orphans: readonly DocumentRecord[];
  /**
   * Rows of memories that are neither in LightRAG nor shown by the source. If the list is not complete, only the operator's
   * confirmation makes them deleted.
   */
  vanished: readonly LedgerRow[];
  /** Keys of memories that LightRAG and the source have, but not the ledger. */
  forgotten: ReadonlySet<string>;
  /** Memories of the source that are outside of the connector's range and not delivered. */
  outside: number;
}

/**
 * Compares LightRAG, the source and the ledger, in this order, each read once in pages; every difference is looked up individually
 * before it counts. Changes nothing. Memory is proportional to the number of documents (two numbers each), of the source's ids, and
 * of the differences. Hold the connector's lock.
 */
export async function checkDrift(parts: DriftParts, signal: AbortSignal): Promise<DriftFindings> {
  const check: Check = {
    parts,
    signal,
    tally: new DriftTally(),
    inventory: new Inventory(),
    unclaimed: new Map(),
    foreign: new Map(),
    shortened: new Map(),
    failed: new Set(),
    expected: new Map(),
    forgotten: new Set(),
    outside: 0,
    shown: new Map(parts.settings.contextIds.map((contextId) => [contextId, new SeenIds()])),
  };
  const named = await readLightRag(check);
  const { memories, truncated } = await readSource(check);
  const { shortened, ...rows } = await readLedger(check, truncated === null);
  const orphans = truncated === null ? await settleUnclaimed(check) : [];
  const documents = named + shortened;
  return {
    drift: check.tally.toDrift(),
    documents,
    memories,
    truncated,
    ...rows,
    orphans,
    forgotten: check.forgotten,
    outside: check.outside,
  };
}

/** Resolves to the number of documents whose name belongs to a memory of ours. */
async function readLightRag(check: Check): Promise<number> {
  const { parts, inventory, signal } = check;
  let documents = 0;
  for await (const records of parts.sink.list(signal)) {
    for (const record of records) {
      inventory.add(record);
      if (isShortened(record.fileSource)) check.shortened.set(record.fileSource, record);
    }
    for (const contextId of parts.settings.contextIds)
      documents += await takeDocuments(check, contextId, records);
  }
  return documents;
}

async function takeDocuments(
  check: Check,
  contextId: string,
  records: readonly DocumentRecord[],
): Promise<number> {
  const { parts } = check;
  const ours = records.flatMap((record) => {
    const ids = rowOfFileSource(record.fileSource);
    return ids?.contextId === contextId ? [{ record, memoryId: ids.memoryId }] : [];
  });
  const { connectorId } = parts.settings;
  const rows = await parts.state.getRows(
    { connectorId, contextId },
    ours.map(({ memoryId }) => memoryId),
  );
  for (const { record, memoryId } of ours) {
    const row = rows.get(memoryId);
    const key = keyOf({ contextId, memoryId });
    if (row === undefined || wantsNoDocument(row)) check.unclaimed.set(key, { contextId, memoryId, record });
    else takeDelivered(check, row, record);
  }
  return ours.length;
}

function takeDelivered({ failed, foreign }: Check, row: LedgerRow, record: DocumentRecord): void {
  if (record.documentId !== row.documentId) foreign.set(keyOf(row), record);
  else if (isFailed(record)) failed.add(keyOf(row));
}

/** A tombstone has kept its document's id. */
function wantsNoDocument({ status, documentId }: LedgerRow): boolean {
  return (status === "skipped" || status === "deleted") && documentId === null;
}

/** Rows per look-up. */
const suspectsAtOnce = 200;

async function readLedger(check: Check, isSourceComplete: boolean) {
  const { parts, tally } = check;
  const query = { connectorId: parts.settings.connectorId, statuses: ["processed"] } as const;
  const invalid: InvalidDelivery[] = [];
  const vanished = await readUnfinished(check, isSourceComplete);
  let delivered = 0;
  let shortened = 0;
  let suspects: LedgerRow[] = [];
  const settle = async () => {
    const verified = await verifyRows(check, suspects);
    invalid.push(...verified.invalid);
    vanished.push(...verified.vanished);
    suspects = [];
  };
  for await (const row of allRows(parts.state, query)) {
    delivered += 1;
    if (isSourceComplete && !isShown(check, row)) tally.add("vanished", row.memoryId);
    await expectGroup(check, row);
    const record = check.shortened.get(row.fileSource);
    if (record !== undefined) takeDelivered(check, row, record);
    shortened += record === undefined ? 0 : 1;
    if (isSuspect(check, row)) suspects.push(row);
    if (suspects.length === suspectsAtOnce) await settle();
  }
  await settle();
  return { delivered, shortened, invalid, vanished };
}

/**
 * Documents in flight may be lost as well, which a run detects. Resolves to rows that were invalidated before and have since been
 * deleted at the source.
 */
async function readUnfinished(check: Check, isSourceComplete: boolean): Promise<LedgerRow[]> {
  const { parts, tally } = check;
  const query = { connectorId: parts.settings.connectorId, statuses: unfinishedStatuses };
  const vanished: LedgerRow[] = [];
  for await (const row of allRows(parts.state, query)) {
    if (row.status !== "discovered") tally.add("unsent", row.memoryId);
    else if (isSourceComplete && !isShown(check, row)) vanished.push(row);
  }
  return vanished;
}

/** The source shows the notes of a group, and they have rows of their own. */
async function expectGroup({ parts, inventory, expected }: Check, row: LedgerRow): Promise<void> {
  const document = isGroup(row) ? await mergedDocumentOf(parts, row) : null;
  if (document === null || inventory.hasText(row.fileSource, document.text)) return;
  expected.set(keyOf(row), textNumber(row.fileSource, summarize(document.text)));
}

function isSuspect({ inventory, foreign, failed, expected }: Check, row: LedgerRow): boolean {
  const key = keyOf(row);
  return !inventory.hasName(row.fileSource) || [foreign, failed, expected].some((known) => known.has(key));
}

/**
 * Documents without a row. Those of memories that the source shows are forgotten rather than orphaned: the next run adopts them.
 */
async function settleUnclaimed(check: Check): Promise<DocumentRecord[]> {
  await leaveToSharers(check);
  const orphans = Array.from(check.unclaimed.values(), ({ record }) => record);
  for (const { fileSource } of orphans) check.tally.add("orphaned", fileSource);
  return orphans;
}

/** Documents of another connector, even a disabled one, are not orphans. */
async function leaveToSharers({ parts, unclaimed }: Check): Promise<void> {
  const byContext = Map.groupBy(unclaimed, ([, { contextId }]) => contextId);
  for (const connectorId of parts.sharers) {
    for (const [contextId, documents] of byContext) {
      const ids = documents.map(([, { memoryId }]) => memoryId);
      const rows = await parts.state.getRows({ connectorId, contextId }, ids);
      for (const row of rows.values()) if (!wantsNoDocument(row)) unclaimed.delete(keyOf(row));
    }
  }
}
