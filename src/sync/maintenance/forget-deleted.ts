import type { LedgerRow } from "../../domain/ledger-row.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { keyOf } from "../memory-key.ts";

/** Rows removed in one go. */
const step = 500;

/**
 * Removes the rows of memories that left both sides before this moment: deleted at the source, and nothing of them is left in LightRAG.
 * If such a memory ever comes back, it is a new one. All other rows stay, however old: without the row of a processed memory, the next
 * complete listing would have to look it up in LightRAG, and nobody would know whom its document belongs to. Resolves to how many
 * were removed; a connector that is being worked on is left for the next time.
 */
export async function forgetDeleted(
  state: StateManager,
  connectorId: string,
  before: number,
): Promise<number> {
  const lock = await state.lockConnector(connectorId).catch(ifLocked);
  if (lock === null) return 0;
  try {
    let removed = 0;
    for await (const rows of batchesOf(goneRows(state, connectorId, before), step))
      removed += await forgetRows(state, rows);
    return removed;
  } finally {
    await lock.release();
  }
}

async function* goneRows(
  state: StateManager,
  connectorId: string,
  before: number,
): AsyncGenerator<LedgerRow> {
  for await (const row of allRows(state, { connectorId, statuses: ["deleted"] }))
    if (row.documentId === null && row.changedAt < before) yield row;
}

/** What is remembered of their media goes with them. Rows of one connector; resolves to how many. Hold its lock. */
export async function forgetRows(state: StateManager, rows: readonly LedgerRow[]): Promise<number> {
  const [row] = rows;
  if (row === undefined) return 0;
  await state.removeRows(rows);
  const forgotten = new Set(rows.map(keyOf));
  const media = await state.unreadMedia.list(row.connectorId);
  await state.unreadMedia.remove(media.filter((medium) => forgotten.has(keyOf(medium))));
  return rows.length;
}

function ifLocked(thrown: unknown): null {
  if (isConnectorError(thrown, "CONNECTOR_LOCKED")) return null;
  throw thrown;
}
