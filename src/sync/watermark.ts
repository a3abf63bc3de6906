import type { Memory } from "../memory/memory.ts";
import type { LedgerScope, SyncState } from "../state/state-manager.ts";
import type { RunContext } from "./run-context.ts";
import type { MemoryFilter } from "./sync-settings.ts";

/** How the listing of a context went. */
export interface Listing {
  /** Milliseconds since the epoch. */
  startedAt: number;
  seen: number;
  truncated: string | null;
  /** What was remembered of the context before. */
  previous: SyncState | null;
}

/**
 * Remembers how a listing went. The watermark moves only over complete listings, and never past the oldest memory that is still
 * unfinished (design: ledger invariant 4), so that a later `auto` range reaches back to it.
 */
export async function advanceWatermark(run: RunContext, scope: LedgerScope, listing: Listing): Promise<void> {
  const { previous, truncated } = listing;
  if (truncated !== null) {
    const kept = { watermark: null, lastCompleteListingAt: null, lastListingCount: null, ...previous };
    await run.state.saveSyncState({ ...kept, ...scope, truncated });
    return;
  }
  const oldest = await run.state.oldestUnfinished(scope);
  await run.state.saveSyncState({
    ...scope,
    watermark: Math.min(listing.startedAt, oldest ?? Number.POSITIVE_INFINITY),
    lastCompleteListingAt: listing.startedAt,
    truncated: null,
    lastListingCount: listing.seen,
  });
}

/** After the delivery: what was unfinished when the source was read may be finished now. */
export async function settleWatermarks(run: RunContext): Promise<void> {
  for (const contextId of run.settings.contextIds) {
    const scope = { connectorId: run.settings.connectorId, contextId };
    const state = await run.state.getSyncState(scope);
    if (state?.lastCompleteListingAt == null) continue;
    const oldest = await run.state.oldestUnfinished(scope);
    const watermark = Math.min(state.lastCompleteListingAt, oldest ?? Number.POSITIVE_INFINITY);
    if (watermark !== state.watermark) await run.state.saveSyncState({ ...state, watermark });
  }
}

export function isFiltered(filter: MemoryFilter): boolean {
  return filter.since !== undefined || filter.until !== undefined || filter.ids !== undefined;
}

export function passes(filter: MemoryFilter, memory: Memory): boolean {
  const at = Date.parse(memory.createdAt);
  if (filter.since !== undefined && at < filter.since) return false;
  if (filter.until !== undefined && at > filter.until) return false;
  return filter.ids === undefined || filter.ids.has(memory.id);
}
