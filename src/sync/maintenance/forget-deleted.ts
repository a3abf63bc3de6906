import type { LedgerRow } from "../../domain/ledger-row.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { keyOf } from "../memory-key.ts";

/** Rows removed per transaction. */
const step = 500;

/**
 * Removes the rows of memories that had been deleted on both sides before this time: at the source, and completely in LightRAG. If
 * such a memory ever reappears, it is a new one. All other rows are kept, however old: without the row of a processed memory, the
 * next complete listing would have to look it up in LightRAG, and the owner of its document would be unknown. Resolves to the
 * number of removed rows; a connector that is running is skipped until the next time.
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

/** Removes rows of one connector, with the cached data of their media; resolves to their number. Hold the connector's lock. */
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
