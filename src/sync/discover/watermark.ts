import type { LedgerStatus } from "../../domain/ledger-row.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Backfill } from "../../state/record-stores.ts";
import type { Learnt, LedgerScope, StateManager } from "../../state/state-manager.ts";
import { knownRows } from "../known-rows.ts";
import { isFiltered, type RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { OldestWaiting } from "./discover-parts.ts";
import type { Reading } from "./reading.ts";

interface WatermarkParts {
  readonly state: Pick<
    StateManager,
    "getRows" | "erasures" | "getSyncState" | "saveSyncState" | "oldestUnfinished"
  >;
  readonly clock: Clock;
  readonly waiting: OldestWaiting;
  readonly backfill: Backfill | null;
  readonly settings: Pick<SyncSettings, "wanted">;
}

interface SettledParts extends WatermarkParts {
  readonly settings: Pick<SyncSettings, "connectorId" | "contextIds" | "wanted">;
  readonly options: Pick<RunOptions, "filter">;
}

/**
 * Stores the result of a listing. The watermark advances only after complete listings, and never past the oldest unfinished memory
 * (design: ledger invariant 4), so that a later `auto` range reaches back to it.
 */
export async function advanceWatermark(parts: WatermarkParts, reading: Reading): Promise<void> {
  const { scope, range, startedAt, seen, previous, truncated, mark } = reading;
  const { wanted, ...learnt } = reading.learnt;
  if (truncated !== null) {
    const kept = { watermark: null, lastCompleteListingAt: null, lastListingCount: null, ...previous };
    await parts.state.saveSyncState({ ...kept, ...scope, truncated, learnt: reading.learnt });
    return;
  }
  const nextMark = (await isGoneInFlight(parts, reading)) ? {} : mark;
  await parts.state.saveSyncState({
    ...scope,
    watermark: Math.min(startedAt, await oldestOpen(parts, scope)),
    lastCompleteListingAt: startedAt,
    truncated: null,
    lastListingCount: seen,
    learnt: {
      ...learnt,
      ...nextMark,
      lookedAt: { ...learnt.lookedAt, [range]: startedAt },
      ...(range === "all" ? wantedOf(parts.settings) : wanted !== undefined && { wanted }),
    },
  });
}

/** Left out where everything is wanted. */
function wantedOf({ wanted }: WatermarkParts["settings"]): Pick<Learnt, "wanted"> {
  return wanted === "" ? {} : { wanted };
}

/**
 * Whether the source has reported a memory as deleted that is in flight. It is assessed when it is at rest, so the source has to
 * report it again.
 */
async function isGoneInFlight(parts: WatermarkParts, { scope, shown, mark }: Reading): Promise<boolean> {
  if (mark.mark === undefined || !shown.hasGone) return false;
  const rows = await knownRows(parts, scope, shown.goneIds);
  return [...rows.values()].some(({ status }) => inFlight.includes(status));
}

const inFlight: readonly LedgerStatus[] = ["discovered", "submitting", "submitted"];

/** Call after the delivery: what was unfinished when the source was read may be finished now. */
export async function settleWatermarks(parts: SettledParts): Promise<void> {
  for (const contextId of parts.settings.contextIds) {
    const scope = { connectorId: parts.settings.connectorId, contextId };
    const state = await parts.state.getSyncState(scope);
    if (state?.lastCompleteListingAt == null) continue;
    // A filtered run has not seen every memory that waits for a medium, so it does not advance the watermark.
    const reached = isFiltered(parts.options.filter) ? state.watermark : state.lastCompleteListingAt;
    if (reached === null) continue;
    const watermark = Math.min(reached, await oldestOpen(parts, scope));
    if (watermark !== state.watermark) await parts.state.saveSyncState({ ...state, watermark });
  }
}

/** The time of the oldest unfinished memory; infinite when there is none. */
async function oldestOpen({ state, backfill, waiting }: WatermarkParts, scope: LedgerScope): Promise<number> {
  // The ledger has the memories of a backfill: no listing has to reach back to them.
  const unfinished = await state.oldestUnfinished(scope, backfill?.until);
  return Math.min(unfinished ?? Number.POSITIVE_INFINITY, waiting.of(scope.contextId));
}
