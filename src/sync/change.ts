import type { LedgerRow } from "../state/ledger-row.ts";
import type { Prepared } from "../transform/memory-transformer.ts";

export type Change = "new" | "changed" | "unchanged";

/** How a memory just read compares with its row. Unchanged ones cost nothing; `force` makes a delivered one count as changed. */
export function changeOf(row: LedgerRow | undefined, prepared: Prepared, force: boolean): Change {
  if (row === undefined) return "new";
  if (row.status === "deleted") return "changed";
  if (row.contentHash !== prepared.contentHash) return "changed";
  return force && row.status === "processed" ? "changed" : "unchanged";
}
