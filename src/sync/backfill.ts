import { type LedgerRow, unfinishedStatuses } from "../domain/ledger-row.ts";
import { allRows } from "../state/all-rows.ts";
import type { Backfill } from "../state/record-stores.ts";
import type { StateManager } from "../state/state-manager.ts";
import { discover } from "./discover/discover.ts";
import type { RunContext } from "./run-context.ts";

export interface BackfillRequest {
  connectorId: string;
  /** Milliseconds since the epoch, inclusive. */
  since: number;
  until: number;
}

/**
 * Asks for the memories of a span of time, which runs take up in their slow lane. One that is under way grows by what is asked for
 * now. Throws `CONNECTOR_LOCKED` while the connector is at work.
 */
export async function requestBackfill(
  state: StateManager,
  { connectorId, since, until }: BackfillRequest,
  now: number,
): Promise<Backfill> {
  const lock = await state.lockConnector(connectorId);
  try {
    const active = await activeBackfill(state, connectorId);
    const backfill = {
      connectorId,
      since: Math.min(since, active?.since ?? since),
      until: Math.max(until, active?.until ?? until),
      requestedAt: now,
      listedAt: null,
      finishedAt: null,
    };
    await state.backfills.save(backfill);
    return backfill;
  } finally {
    await lock.release();
  }
}

/** The connector's backfill while it is not finished. */
export async function activeBackfill(
  state: Pick<StateManager, "backfills">,
  connectorId: string,
): Promise<Backfill | null> {
  const backfill = await state.backfills.get(connectorId);
  return backfill === null || backfill.finishedAt !== null ? null : backfill;
}

/** Whether the row waits in the slow lane: a memory of the span that LightRAG holds nothing of yet. */
export function isInSlowLane(backfill: Backfill | null, row: LedgerRow): boolean {
  return backfill !== null && row.documentId === null && isInSpan(backfill, row);
}

/** Takes the memories of the span up into the ledger, unless an earlier run has. A list that was cut off is read again by the next run. */
export async function discoverBackfill(run: RunContext): Promise<void> {
  const backfill = run.backfill;
  if (backfill === null || backfill.listedAt !== null) return;
  const { since, until } = backfill;
  await discover({ ...run, options: { ...run.options, filter: { since, until } } });
  if (run.report.truncated !== null) return;
  run.backfill = { ...backfill, listedAt: run.clock.now() };
  await run.state.backfills.save(run.backfill);
}

/** After the delivery: the backfill is finished when nothing of its span waits any more. */
export async function settleBackfill(run: RunContext): Promise<void> {
  const { backfill, state, clock } = run;
  if (backfill === null || backfill.listedAt === null) return;
  const query = { connectorId: backfill.connectorId, statuses: unfinishedStatuses, order: "newest" } as const;
  for await (const row of allRows(state, query)) {
    if (row.memoryCreatedAt !== null && row.memoryCreatedAt < backfill.since) break;
    if (isInSpan(backfill, row)) return;
  }
  await state.backfills.save({ ...backfill, finishedAt: clock.now() });
}

function isInSpan({ since, until }: Backfill, { memoryCreatedAt }: LedgerRow): boolean {
  return memoryCreatedAt !== null && memoryCreatedAt >= since && memoryCreatedAt <= until;
}
