import { fileSourceOf } from "../documents/file-source.ts";
import { applyEvent, newRow } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { LedgerScope, StateManager } from "../state/state-manager.ts";

/**
 * The rows of memories that the source shows, by memory id. One that stays erased and of which the ledger has no row any more, after a
 * reset or a restore, shows as an erased row that was never saved.
 */
export async function knownRows(
  { state, clock }: { state: Pick<StateManager, "getRows" | "erasures">; clock: Clock },
  scope: LedgerScope,
  memoryIds: readonly string[],
): Promise<Map<string, LedgerRow>> {
  const rows = await state.getRows(scope, memoryIds);
  const unknown = memoryIds.filter((memoryId) => !rows.has(memoryId));
  for (const memoryId of await state.erasures.among(scope, unknown)) {
    const row = newRow({ ...scope, memoryId }, fileSourceOf(scope.contextId, memoryId), clock.now());
    rows.set(memoryId, applyEvent(row, { type: "erase" }, clock.now()));
  }
  return rows;
}
