import { isErased } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isWaitingForMedia } from "../../sync/maintenance/dead-letters.ts";
import { tryMediaNow } from "../../sync/report/why-not-delivered.ts";
import { type MemoryName, memoryUnknown } from "../memories/memory-rows.ts";

/** Why a named memory was neither replayed nor dropped; `row` is its ledger row. The hint names what works instead. */
export function missedDeadLetter(name: MemoryName, row: LedgerRow | undefined): ConnectorError {
  if (row === undefined) return memoryUnknown(name);
  const { memoryId } = name;
  if (row.status === "dead") {
    const message = `dead letter "${memoryId}" holds nothing that could be sent`;
    return new ConnectorError("DEAD_LETTER_EMPTY", message, { subject: memoryId });
  }
  const isWaiting = isWaitingForMedia(row);
  const status = isErased(row) ? "erased" : row.status;
  const state = isWaiting ? "waits for its audio or picture" : `is ${status}`;
  return new ConnectorError("DEAD_LETTER_UNKNOWN", `memory "${memoryId}" ${state} and is no dead letter`, {
    subject: memoryId,
    ...(isWaiting ? { hint: tryMediaNow(row, [memoryId]) } : {}),
  });
}
