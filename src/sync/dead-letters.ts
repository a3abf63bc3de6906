import { isConnectorError } from "../errors/connector-error.ts";
import { allRows } from "../state/all-rows.ts";
import { applyEvent, type LedgerEvent } from "../state/ledger.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import type { StateManager } from "../state/state-manager.ts";

/** Which dead letters; all of them when nothing is given. */
export interface DeadLetterFilter {
  ids?: readonly string[] | undefined;
  codes?: readonly string[] | undefined;
}

/** At most `limit` dead letters of a connector. */
export async function findDeadLetters(
  state: StateManager,
  connectorId: string,
  { ids, codes }: DeadLetterFilter,
  limit = Number.POSITIVE_INFINITY,
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of allRows(state, { connectorId, statuses: ["dead"] })) {
    if (ids !== undefined && !ids.includes(row.memoryId)) continue;
    if (codes !== undefined && !codes.includes(row.error?.code ?? "")) continue;
    if (rows.push(row) >= limit) break;
  }
  return rows;
}

/**
 * Replays or drops dead letters; the next run acts on it. Throws `CONNECTOR_LOCKED` while a run is under way: it would work on the
 * same rows.
 */
export async function changeDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: LedgerEvent & { type: "replay" | "drop" },
  now: number,
): Promise<LedgerRow[]> {
  const lock = await state.lockConnector(connectorId);
  try {
    const rows = await findDeadLetters(state, connectorId, filter);
    return await state.saveRows(rows.flatMap((row) => changedRow(row, event, now)));
  } finally {
    await lock.release();
  }
}

/** Nothing, for a dead letter that has nothing to send: only its source can mend it. */
function changedRow(row: LedgerRow, event: LedgerEvent, now: number): LedgerRow[] {
  try {
    return [applyEvent(row, event, now)];
  } catch (error) {
    if (isConnectorError(error, "DEAD_LETTER_EMPTY")) return [];
    throw error;
  }
}
