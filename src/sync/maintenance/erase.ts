import { fileSourceOf } from "../../documents/file-source.ts";
import { isErased, newRow } from "../../domain/ledger.ts";
import type { LedgerKey } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import type { LedgerScope, StateManager } from "../../state/state-manager.ts";
import { LedgerWriter } from "../ledger-writer.ts";
import type { SyncParts } from "../sync-parts.ts";

/** What was done to erase a memory of one connector and context, and what LightRAG says of it afterwards. */
export interface Erasure extends LedgerScope {
  memoryId: string;
  fileSource: string;
  /** The ledger had a row of it. */
  wasKnown: boolean;
  /** Ids of its documents that LightRAG held. */
  removed: readonly string[];
  /** Its documents in LightRAG's listing afterwards. Always 0: anything else is an error. */
  remaining: number;
  /** Remembered answers of services about its media that were forgotten. */
  answersForgotten: number;
  /** What models refused of the knowledge that is left: texts that had to be made again, and were made without the model. */
  notices: readonly string[];
  /** Older states that were put aside beside the state in use, and that may still hold its text. */
  setAside: readonly string[];
}

type EraseParts = Pick<SyncParts, "sink" | "state" | "clock" | "enrichment" | "transformer">;

/**
 * Removes a memory everywhere and for good: its documents with their chunks and cached model answers in LightRAG, what the ledger keeps of it but for
 * the ids, what is remembered of its media, and what the state's files still hold of it. From then on it stays erased, whatever else is
 * forgotten or restored, until `allowAgain`. A document that it shared with other notes is removed, and the next run writes it
 * without it. The ledger comes first, so that an erasure that is killed is taken up by the next
 * run. Resolves when LightRAG's own listing, read once more, has none of its documents; throws `ERASE_UNPROVED` when it has. Hold the locks of the
 * connector and its companions.
 */
export async function eraseMemory(
  parts: EraseParts,
  scope: LedgerScope,
  memoryId: string,
  signal: AbortSignal,
): Promise<Erasure> {
  const { sink, state, clock } = parts;
  const known = (await state.getRows(scope, [memoryId])).get(memoryId);
  const row = known ?? newRow({ ...scope, memoryId }, fileSourceOf(scope.contextId, memoryId), clock.now());
  await sink.connect(signal);
  // Before the row is marked: from here on nothing can take the memory up.
  await state.erasures.add(row, clock.now());
  const ledger = new LedgerWriter(parts);
  // With the row of the group whose document the memory shared.
  const marked = await ledger.apply([{ row, event: { type: "erase" } }]);
  const names = new Set([row.fileSource, ...marked.map(({ fileSource }) => fileSource)]);
  const answersForgotten = await parts.enrichment.forget(scope.contextId, memoryId);
  const removed = (await documentsNamed(parts, names, signal)).map(({ documentId }) => documentId);
  const refusals = removed.length > 0 ? await sink.remove(removed, signal) : [];
  const remaining = await documentsNamed(parts, names, signal);
  if (remaining.length > 0) throw unproved(memoryId, remaining);
  const gone = marked.filter(({ status }) => status === "deleting");
  await ledger.apply(gone.map((one) => ({ row: one, event: { type: "gone" } })));
  return {
    ...scope,
    memoryId,
    fileSource: row.fileSource,
    wasKnown: known !== undefined,
    removed,
    remaining: remaining.length,
    answersForgotten,
    notices: refusals.map(({ message }) => message),
    setAside: await state.expunge(),
  };
}

/**
 * Takes an erasure back: the next run takes the memory up again as one that it has never seen. False when nothing kept it away. Hold the
 * connector's lock.
 */
export async function allowAgain(
  state: Pick<StateManager, "getRows" | "removeRows" | "erasures" | "expunge">,
  key: LedgerKey,
): Promise<boolean> {
  const stood = await state.erasures.remove(key);
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  if (isErased(row)) await state.removeRows([key]);
  // Otherwise a copy would bring the erasure back.
  await state.expunge();
  return stood || isErased(row);
}

/**
 * The whole listing is read, because LightRAG finds nothing by name, and before 1.5 an older text of the memory has another id. A document of
 * another name is somebody else's, even when the ledger has taken it for the memory's because of its text.
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
