import { applyEvent, type Transition } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import type { StateManager } from "../state/state-manager.ts";
import { type MergeParts, mergedTransitions, type WriteRule } from "./merged-documents.ts";

export interface LedgerParts extends MergeParts {
  state: Pick<StateManager, "saveRows" | "getGroup">;
}

interface LedgerOptions extends Partial<WriteRule> {
  /** Called for each row once it is stored, in the order of the transitions. */
  onStored?: (transition: Transition, stored: LedgerRow) => void;
}

/**
 * Writes all changes of the ledger: merged documents follow their notes, everything is stored in one transaction, and listeners are
 * called afterwards.
 */
export class LedgerWriter {
  readonly #parts: LedgerParts;
  readonly #write: WriteRule;
  readonly #onStored: NonNullable<LedgerOptions["onStored"]>;

  constructor(
    parts: LedgerParts,
    { force = false, quietMs = 0, onStored = () => undefined }: LedgerOptions = {},
  ) {
    this.#parts = parts;
    this.#write = { force, quietMs };
    this.#onStored = onStored;
  }

  /** Applies the events all or none; resolves to the rows as stored, in the order given, those of merged documents after them. */
  async apply(transitions: readonly Transition[]): Promise<LedgerRow[]> {
    if (transitions.length === 0) return [];
    const { state, clock } = this.#parts;
    const now = clock.now();
    const changes = transitions.map(({ row, event }) => ({ row, after: applyEvent(row, event, now) }));
    const merged = await mergedTransitions(this.#parts, changes, this.#write);
    const rows = merged.map(({ row, event }) => applyEvent(row, event, now));
    const stored = await state.saveRows([...changes.map(({ after }) => after), ...rows]);
    [...transitions, ...merged].forEach((transition, index) => {
      this.#onStored(transition, stored[index] ?? transition.row);
    });
    return stored;
  }
}
