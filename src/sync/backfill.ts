import { isGroup, type LedgerRow, unfinishedStatuses } from "../domain/ledger-row.ts";
import type { RunRecord } from "../domain/run-record.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { allRows } from "../state/ledger-rows.ts";
import type { Backfill } from "../state/record-stores.ts";
import type { StateManager } from "../state/state-manager.ts";
import { forgetRows } from "./maintenance/forget-deleted.ts";
import { liesOutside } from "./query-range.ts";
import type { SyncSettings } from "./sync-settings.ts";

export interface BackfillRequest {
  connectorId: string;
  /** Milliseconds since the epoch, inclusive. */
  since: number;
  until: number;
  /** See `Backfill`. */
  byService?: boolean;
}

/**
 * Requests the memories of a time span, which runs ingest in their slow lane. An active backfill is extended by the new span, and a
 * service that runs the connector for it continues. Throws `CONNECTOR_LOCKED` while the connector is running.
 */
export async function requestBackfill(
  state: StateManager,
  { connectorId, since, until, byService = false }: BackfillRequest,
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
      ...((byService || active?.byService === true) && { byService: true }),
    };
    await state.backfills.save(backfill);
    return backfill;
  } finally {
    await lock.release();
  }
}

/** The result of `cancelBackfill`. */
export interface CancelledBackfill {
  backfill: Backfill;
  /** Memories that no longer wait to be delivered. */
  forgotten: number;
}

/** Rows forgotten in one transaction. */
const step = 500;

/**
 * Cancels a backfill. Memories that it has ingested, that are outside of the connector's own range and of which nothing was sent,
 * are forgotten, so that no run delivers them; others belong to the connector like any memory, and are delivered. Null when none is
 * active. Throws `CONNECTOR_LOCKED` while the connector is running.
 */
export async function cancelBackfill(
  state: StateManager,
  connectorId: string,
  queryRange: SyncSettings["queryRange"],
  now: number,
): Promise<CancelledBackfill | null> {
  const lock = await state.lockConnector(connectorId);
  try {
    const active = await activeBackfill(state, connectorId);
    if (active === null) return null;
    const isUnwanted = (row: LedgerRow) =>
      isInSlowLane(active, row) && liesOutside(queryRange, row.memoryCreatedAt ?? now, now);
    let forgotten = 0;
    let rows: LedgerRow[] = [];
    const forget = async () => {
      await forgetRows(state, rows);
      forgotten += rows.filter((row) => !isGroup(row)).length;
      rows = [];
    };
    for await (const row of allRows(state, { connectorId, statuses: unfinishedStatuses })) {
      if (isUnwanted(row)) rows.push(...(await withNotes(state, row)));
      if (rows.length >= step) await forget();
    }
    await forget();
    const backfill = { ...active, finishedAt: now };
    await state.backfills.save(backfill);
    return { backfill, forgotten };
  } finally {
    await lock.release();
  }
}

/**
 * The row, and the notes of a group: without the group's row they would count as delivered. Empty while a note's own document is to
 * be removed.
 */
async function withNotes(state: StateManager, row: LedgerRow): Promise<LedgerRow[]> {
  const rows = isGroup(row) ? await state.getGroup(row, row.memoryId) : [row];
  return rows.every(({ documentId }) => documentId === null) ? rows : [];
}

/**
 * Whether another run should follow this one: while each run delivers a part of the backfill, or when it was requested during the
 * run. A request in the future is from before the clock was set back, and was not made during the run.
 */
export function needsAnotherRun(
  { finishedAt, requestedAt }: Backfill,
  last: RunRecord,
  now: number,
): boolean {
  if (finishedAt !== null || !["success", "partial"].includes(last.outcome)) return false;
  return last.counts.processed > 0 || (requestedAt > last.startedAt && requestedAt <= now);
}

/** The connector's unfinished backfill. */
export async function activeBackfill(
  state: Pick<StateManager, "backfills">,
  connectorId: string,
): Promise<Backfill | null> {
  const backfill = await state.backfills.get(connectorId);
  return backfill === null || backfill.finishedAt !== null ? null : backfill;
}

/** Whether the row waits in the slow lane: a memory of the span without any document in LightRAG. */
export function isInSlowLane(backfill: Backfill | null, row: LedgerRow): boolean {
  return backfill !== null && row.documentId === null && isInSpan(backfill, row);
}

interface SettleParts {
  readonly state: Pick<StateManager, "backfills" | "pageRows">;
  readonly clock: Pick<Clock, "now">;
}

/** Call after the delivery: the backfill is finished when nothing of its span is waiting. */
export async function finishBackfill(
  { state, clock }: SettleParts,
  backfill: Backfill | null,
): Promise<void> {
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
