import type { LedgerRow } from "../domain/ledger-row.ts";
import type { Memory } from "../domain/memory.ts";

/** A delivered memory that the source shows unchanged: its document, which LightRAG holds, can be rendered again. */
export class KnownDelivery {
  #known: { row: LedgerRow; memory: Memory } | null = null;

  get first(): { row: LedgerRow; memory: Memory } | null {
    return this.#known;
  }

  /** Keeps the first one. */
  noteUnchanged(row: LedgerRow, memory: Memory): void {
    if (row.status === "processed" && row.documentId !== null) this.#known ??= { row, memory };
  }
}
