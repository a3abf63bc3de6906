import { fileSourceOf } from "../../documents/file-source.ts";
import { isErased, type LedgerEvent, newRow } from "../../domain/ledger.ts";
import { isGroup, type LedgerKey, type LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { DocumentRecord, OutgoingDocument } from "../../sinks/lightrag/light-rag-client.ts";
import type { LedgerScope, StateManager } from "../../state/state-manager.ts";
import { recordSubmission } from "../deliver/delivery-events.ts";
import { LedgerWriter } from "../ledger-writer.ts";
import type { SyncParts } from "../sync-parts.ts";

/** The result of erasing a memory of one connector and context, with LightRAG's state afterwards. */
export interface Erasure extends LedgerScope {
  memoryId: string;
  fileSource: string;
  /** Whether the ledger had a row of it. */
  wasKnown: boolean;
  /** Ids of its documents that were removed from LightRAG. */
  removed: readonly string[];
  /** Its documents in LightRAG's listing afterwards. Always 0; anything else is an error. */
  remaining: number;
  /** The number of removed cached answers of services about its media. */
  answersForgotten: number;
  /** Texts of the remaining knowledge that models refused when they were rebuilt, and that were built without the model. */
  notices: readonly string[];
  /** Older copies of the state, next to the current one, that may still contain its text. */
  setAside: readonly string[];
}

type EraseParts = Pick<SyncParts, "sink" | "state" | "clock" | "enrichment" | "transformer">;

/** A memory whose erasure is written down; its documents are still to be removed. */
export interface MarkedErasure {
  row: LedgerRow;
  wasKnown: boolean;
  /** The rows that were changed: its own, and that of the group whose document it shared. */
  marked: readonly LedgerRow[];
}

/**
 * Marks the row of a memory as erased: the next run removes its document if nothing else does. The entry in the list of erasures comes after it, so that
 * no row with such an entry is ever anything but erased. Hold the locks of the connector and its companions until it is made.
 */
export async function markErased(
  parts: Omit<EraseParts, "sink">,
  { connectorId, contextId, memoryId }: LedgerKey,
): Promise<MarkedErasure> {
  const { state, clock } = parts;
  const key = { connectorId, contextId, memoryId };
  const known = (await state.getRows(key, [memoryId])).get(memoryId);
  const row = known ?? newRow(key, fileSourceOf(contextId, memoryId), clock.now());
  const marked = await new LedgerWriter(parts).apply([{ row, event: { type: "erase" } }]);
  return { row, wasKnown: known !== undefined, marked };
}

/**
 * Removes a marked memory permanently: its documents with their chunks and cached model answers in LightRAG, the ledger's data except for the ids, cached
 * data of its media, and remains in the state's files. A document that it shared with other notes is removed, and sent again
 * without this memory as soon as that is proved; the next run proves it. Resolves when LightRAG's own listing, read once more, has none of its documents; throws `ERASE_UNPROVED` when it has.
 */
export async function removeErased(
  parts: EraseParts,
  { row, wasKnown, marked }: MarkedErasure,
  signal: AbortSignal,
): Promise<Erasure> {
  const { sink, state } = parts;
  const { connectorId, contextId, memoryId, fileSource } = row;
  await sink.connect(signal);
  const names = new Set([fileSource, ...marked.map((one) => one.fileSource)]);
  const answersForgotten = await parts.enrichment.forget(contextId, memoryId);
  const removed = (await documentsNamed(parts, names, signal)).map(({ documentId }) => documentId);
  const refusals = removed.length > 0 ? await sink.remove(removed, signal) : [];
  const remaining = await documentsNamed(parts, names, signal);
  if (remaining.length > 0) throw unproved(memoryId, remaining);
  const gone = marked.filter(({ status }) => status === "deleting");
  const ledger = new LedgerWriter(parts);
  const settled = await ledger.apply(gone.map((one) => ({ row: one, event: { type: "gone" } })));
  const shared = settled.filter((one) => isGroup(one) && one.status === "pending");
  await sendShared({ ...parts, ledger }, shared, signal);
  return {
    connectorId,
    contextId,
    memoryId,
    fileSource,
    wasKnown,
    removed,
    remaining: remaining.length,
    answersForgotten,
    notices: refusals.map(({ message }) => message),
    setAside: await state.expunge(),
  };
}

/** Sends documents of groups without the note that left them. What LightRAG does not take now, or does not answer, is left to the next run. */
async function sendShared(
  parts: EraseParts & { ledger: LedgerWriter },
  rows: readonly LedgerRow[],
  signal: AbortSignal,
): Promise<void> {
  for (const { row, document } of await recordSubmission(parts, rows)) {
    const event = await sendingEvent(parts, document, signal);
    if (event !== null) await parts.ledger.apply([{ row, event }]);
  }
}

async function sendingEvent(
  { sink }: Pick<EraseParts, "sink">,
  document: OutgoingDocument,
  signal: AbortSignal,
): Promise<LedgerEvent | null> {
  try {
    const [outcome] = await sink.submit([document], signal);
    if (outcome?.kind !== "accepted") return null;
    return { type: "accepted", documentId: outcome.documentId, trackId: outcome.trackId };
  } catch (thrown) {
    if (signal.aborted || !isConnectorError(thrown)) throw thrown;
    return thrown.code === "SINK_BUSY" ? { type: "requeue" } : null;
  }
}

/**
 * Revokes an erasure: the next run ingests the memory as a new one. False when it was not erased. Hold the connector's lock.
 */
export async function allowAgain(
  state: Pick<StateManager, "getRows" | "removeRows" | "erasures" | "expunge">,
  key: LedgerKey,
): Promise<boolean> {
  const stood = await state.erasures.remove(key);
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  if (isErased(row)) await state.removeRows([key]);
  // Otherwise a copy would restore the erasure.
  await state.expunge();
  return stood || isErased(row);
}

/**
 * Reads the whole listing, because LightRAG has no look-up by name, and before 1.5 an older text of the memory has another id. A
 * document of another name is foreign, even if the ledger has adopted it because of its text.
 */
async function documentsNamed(
  { sink }: EraseParts,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<DocumentRecord[]> {
  const found = new Map<string, DocumentRecord>();
  for await (const records of sink.list(signal)) {
    for (const record of records) if (names.has(record.fileSource)) found.set(record.documentId, record);
  }
  return [...found.values()];
}

function unproved(memoryId: string, remaining: readonly DocumentRecord[]): ConnectorError {
  const ids = remaining.map(({ documentId }) => documentId).join(", ");
  return new ConnectorError(
    "ERASE_UNPROVED",
    `LightRAG still lists documents of memory "${memoryId}": ${ids}`,
    {
      subject: memoryId,
    },
  );
}
