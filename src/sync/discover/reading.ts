import type { Learnt, LedgerScope, SyncState } from "../../state/state-manager.ts";
import type { Coverage } from "../query-range.ts";
import type { SeenIds } from "../seen-ids.ts";
import type { BrokenItems } from "./broken-items.ts";

/** A context as one or several listings have shown it. */
export interface Reading {
  scope: LedgerScope;
  range: Coverage;
  /** When the first listing began. Milliseconds since the epoch. */
  startedAt: number;
  /** What any of the listings has shown. */
  shown: SeenIds;
  broken: BrokenItems;
  /** Items of the last listing. */
  seen: number;
  /** Why it may not be everything; null when nothing speaks against it. */
  truncated: string | null;
  /** Where the next listing of changes begins; empty where the source has none. */
  mark: Pick<Learnt, "mark">;
  learnt: Learnt;
  /** What was remembered of the context before. */
  previous: SyncState | null;
}
