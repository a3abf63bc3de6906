import type { LedgerStatus } from "../../domain/ledger-row.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Backfill } from "../../state/record-stores.ts";
import type { LedgerScope, StateManager } from "../../state/state-manager.ts";
import { knownRows } from "../known-rows.ts";
import type { RunOptions } from "../run-options.ts";
import { isFiltered } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { OldestWaiting } from "./oldest-waiting.ts";
import type { Reading } from "./reading.ts";

interface WatermarkParts {
  readonly state: Pick<
    StateManager,
    "getRows" | "erasures" | "getSyncState" | "saveSyncState" | "oldestUnfinished"
  >;
  readonly clock: Clock;
  readonly waiting: OldestWaiting;
  readonly backfill: Backfill | null;
}

interface SettledParts extends WatermarkParts {
  readonly settings: Pick<SyncSettings, "connectorId" | "contextIds">;
  readonly options: Pick<RunOptions, "filter">;
}

/**
 * Remembers how a listing went. The watermark moves only over complete listings, and never past the oldest memory that is still
 * unfinished (design: ledger invariant 4), so that a later `auto` range reaches back to it.
 */
export async function advanceWatermark(parts: WatermarkParts, reading: Reading): Promise<void> {
  const { scope, range, startedAt, seen, previous, truncated, learnt, mark } = reading;
  if (truncated !== null) {
    const kept = { watermark: null, lastCompleteListingAt: null, lastListingCount: null, ...previous };
    await parts.state.saveSyncState({ ...kept, ...scope, truncated, learnt });
    return;
  }
  const nextMark = (await isGoneInFlight(parts, reading)) ? {} : mark;
  await parts.state.saveSyncState({
    ...scope,
    watermark: Math.min(startedAt, await oldestOpen(parts, scope)),
    lastCompleteListingAt: startedAt,
    truncated: null,
    lastListingCount: seen,
    learnt: { ...learnt, ...nextMark, lookedAt: { ...learnt.lookedAt, [range]: startedAt } },
  });
}

/**
 * Whether the source has named a memory as deleted that is on its way to LightRAG. It is assessed when it has come to rest, so the source has
 * to tell of it again.
 */
async function isGoneInFlight(parts: WatermarkParts, { scope, shown, mark }: Reading): Promise<boolean> {
  if (mark.mark === undefined || !shown.hasGone) return false;
  const rows = await knownRows(parts, scope, shown.goneIds);
  return [...rows.values()].some(({ status }) => inFlight.includes(status));
}

const inFlight: readonly LedgerStatus[] = ["discovered", "submitting", "submitted"];

/** After the delivery: what was unfinished when the source was read may be finished now. */
export async function settleWatermarks(parts: SettledParts): Promise<void> {
  for (const contextId of parts.settings.contextIds) {
    const scope = { connectorId: parts.settings.connectorId, contextId };
    const state = await parts.state.getSyncState(scope);
    if (state?.lastCompleteListingAt == null) continue;
    // A filtered run has not seen every memory that waits for a medium, so it takes the watermark no further.
    const reached = isFiltered(parts.options.filter) ? state.watermark : state.lastCompleteListingAt;
    if (reached === null) continue;
    const watermark = Math.min(reached, await oldestOpen(parts, scope));
    if (watermark !== state.watermark) await parts.state.saveSyncState({ ...state, watermark });
  }
}

/** The time of the oldest memory that is not done with; infinite when there is none. */
async function oldestOpen({ state, backfill, waiting }: WatermarkParts, scope: LedgerScope): Promise<number> {
  // What a backfill has brought lies in the ledger: no listing has to reach back to it.
  const unfinished = await state.oldestUnfinished(scope, backfill?.until);
  return Math.min(unfinished ?? Number.POSITIVE_INFINITY, waiting.of(scope.contextId));
}
