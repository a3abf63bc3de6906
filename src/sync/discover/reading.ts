import type { Learnt, LedgerScope, SyncState } from "../../state/state-manager.ts";
import type { Coverage } from "../query-range.ts";
import type { SeenIds } from "../seen-ids.ts";
import type { BrokenItems } from "./broken-items.ts";

/** The result of one or several listings of a context. */
export interface Reading {
  scope: LedgerScope;
  range: Coverage;
  /** When the first listing began. Milliseconds since the epoch. */
  startedAt: number;
  /** The ids that any of the listings has shown. */
  shown: SeenIds;
  broken: BrokenItems;
  /** The number of items of the last listing. */
  seen: number;
  /** Why it may not be complete; null when it is. */
  truncated: string | null;
  /** Where the next listing of changes begins; empty for a source without changes. */
  mark: Pick<Learnt, "mark">;
  learnt: Learnt;
  /** The stored state of the context before. */
  previous: SyncState | null;
}
