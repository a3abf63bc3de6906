import type { LedgerRow } from "../domain/ledger-row.ts";
import type { Memory } from "../domain/memory.ts";

/** A delivered memory that the source shows as it was: from it, the very document that LightRAG holds can be written again. */
export class KnownDelivery {
  #known: { row: LedgerRow; memory: Memory } | null = null;

  get first(): { row: LedgerRow; memory: Memory } | null {
    return this.#known;
  }

  /** One is enough. */
  noteUnchanged(row: LedgerRow, memory: Memory): void {
    if (row.status === "processed" && row.documentId !== null) this.#known ??= { row, memory };
  }
}
