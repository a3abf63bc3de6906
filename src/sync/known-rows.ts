import { fileSourceOf } from "../documents/file-source.ts";
import { redactedId } from "../documents/redact/redactor.ts";
import { applyEvent, isErased, newRow } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { LedgerScope, StateManager } from "../state/state-manager.ts";
import type { LedgerWriter } from "./ledger-writer.ts";

interface KnownParts {
  state: Pick<StateManager, "getRows" | "erasures">;
  clock: Pick<Clock, "now">;
}

/**
 * The rows of memories that the source shows, by memory id. An erased memory is represented by an erased row even if the ledger has
 * none: after a reset or a restore, or because it was erased at another connector of the source. A row that this connector has already is erased
 * only by an erasure of its own. A memory whose id is told in another form, for the words in it, is erased under either: `formerIds` as on a page.
 */
export async function knownRows(
  { state, clock }: KnownParts,
  scope: LedgerScope,
  memoryIds: readonly string[],
  formerIds: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, LedgerRow>> {
  const rows = await state.getRows(scope, memoryIds);
  const erase = (row: LedgerRow) => {
    if (!isErased(row)) rows.set(row.memoryId, applyEvent(row, { type: "erase" }, clock.now()));
  };
  const [known, unknown] = [[...rows.keys()], memoryIds.filter((memoryId) => !rows.has(memoryId))];
  for (const memoryId of await state.erasures.listed(scope, known)) erase(rows.get(memoryId) as LedgerRow);
  const namesOf = (id: string) => [id, formerIds.get(id) ?? redactedId(id)];
  const erased = await state.erasures.among(scope, unknown.flatMap(namesOf));
  for (const memoryId of unknown.filter((id) => namesOf(id).some((name) => erased.has(name))))
    erase(newRow({ ...scope, memoryId }, fileSourceOf(scope.contextId, memoryId), clock.now()));
  return rows;
}

/** Erases rows of memories that were erased here before an older state came back: what was delivered of them goes. */
export async function eraseListed(
  { state, ledger }: Pick<KnownParts, "state"> & { ledger: Pick<LedgerWriter, "apply"> },
  scope: LedgerScope,
  memoryIds: readonly string[],
): Promise<void> {
  const listed = await state.erasures.listed(scope, memoryIds);
  if (listed.size === 0) return;
  const rows = await state.getRows(scope, [...listed]);
  const left = [...rows.values()].filter((row) => !isErased(row));
  await ledger.apply(left.map((row) => ({ row, event: { type: "erase" } })));
}
