import type { LedgerStatus } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import type { PendingMemory } from "../../sources/memory-source.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { knownRows } from "../known-rows.ts";
import type { RunContext } from "../run-context.ts";
import { isFiltered } from "../run-options.ts";
import type { Reading } from "./reading.ts";

/**
 * Remembers how a listing went. The watermark moves only over complete listings, and never past the oldest memory that is still
 * unfinished (design: ledger invariant 4), so that a later `auto` range reaches back to it.
 */
export async function advanceWatermark(run: RunContext, reading: Reading): Promise<void> {
  const { scope, range, startedAt, seen, previous, truncated, learnt, mark } = reading;
  if (truncated !== null) {
    const kept = { watermark: null, lastCompleteListingAt: null, lastListingCount: null, ...previous };
    await run.state.saveSyncState({ ...kept, ...scope, truncated, learnt });
    return;
  }
  const told = (await isGoneInFlight(run, reading)) ? {} : mark;
  await run.state.saveSyncState({
    ...scope,
    watermark: Math.min(startedAt, await oldestOpen(run, scope)),
    lastCompleteListingAt: startedAt,
    truncated: null,
    lastListingCount: seen,
    learnt: { ...learnt, ...told, lookedAt: { ...learnt.lookedAt, [range]: startedAt } },
  });
}

/**
 * Whether the source has named a memory as deleted that is on its way to LightRAG. It is judged when it has come to rest, so the source has
 * to tell of it again.
 */
async function isGoneInFlight(run: RunContext, { scope, shown, mark }: Reading): Promise<boolean> {
  if (mark.mark === undefined || !shown.hasGone) return false;
  const rows = await knownRows(run, scope, shown.goneIds);
  return [...rows.values()].some(({ status }) => inFlight.includes(status));
}

const inFlight: readonly LedgerStatus[] = ["discovered", "submitting", "submitted"];

/** After the delivery: what was unfinished when the source was read may be finished now. */
export async function settleWatermarks(run: RunContext): Promise<void> {
  for (const contextId of run.settings.contextIds) {
    const scope = { connectorId: run.settings.connectorId, contextId };
    const state = await run.state.getSyncState(scope);
    if (state?.lastCompleteListingAt == null) continue;
    // A filtered run has not seen every memory that waits for a medium, so it takes the watermark no further.
    const reached = isFiltered(run.options.filter) ? state.watermark : state.lastCompleteListingAt;
    if (reached === null) continue;
    const watermark = Math.min(reached, await oldestOpen(run, scope));
    if (watermark !== state.watermark) await run.state.saveSyncState({ ...state, watermark });
  }
}

/** The memory waits for a medium: the source has to show it again. */
export function noteWaiting(run: RunContext, contextId: string, memory: Memory): void {
  waitSince(run, contextId, Date.parse(memory.createdAt));
}

/** The source shows it and does not let it be read yet. One that has no time may be of any. */
export function notePending(run: RunContext, contextId: string, { at }: PendingMemory): void {
  waitSince(run, contextId, at ?? 0);
}

function waitSince({ waitingSince }: RunContext, contextId: string, at: number): void {
  waitingSince.set(contextId, Math.min(at, waitingSince.get(contextId) ?? at));
}

/** The time of the oldest memory that is not done with; infinite when there is none. */
async function oldestOpen(run: RunContext, scope: LedgerScope): Promise<number> {
  // What a backfill has brought lies in the ledger: no listing has to reach back to it.
  const unfinished = await run.state.oldestUnfinished(scope, run.backfill?.until);
  const waiting = run.waitingSince.get(scope.contextId);
  return Math.min(unfinished ?? Number.POSITIVE_INFINITY, waiting ?? Number.POSITIVE_INFINITY);
}
