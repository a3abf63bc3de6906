import { applyEvent, type LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerKey, LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { type DeadLetterFilter, meansRow } from "./dead-letter-filter.ts";
import { changeDeadMedia, reachedMedia } from "./dead-media.ts";

/** At most `limit` dead letters of a connector. */
export async function findDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  limit = Number.POSITIVE_INFINITY,
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of deadRows(state, connectorId, filter)) if (rows.push(row) >= limit) break;
  return rows;
}

async function* deadRows(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
): AsyncGenerator<LedgerRow> {
  const { contextId } = filter;
  for await (const row of allRows(state, { connectorId, contextId, statuses: ["dead"] })) {
    if (meansRow(filter, row)) yield row;
  }
}

/** At most `limit` memories of a connector that say nothing without a medium that could not be read yet. */
export async function findWaitingForMedia(
  state: StateManager,
  connectorId: string,
  limit: number,
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  if (limit <= 0) return rows;
  for await (const row of allRows(state, { connectorId, statuses: ["skipped"] })) {
    if (isWaitingForMedia(row) && rows.push(row) >= limit) break;
  }
  return rows;
}

export function isWaitingForMedia({ status, skipReason }: LedgerRow): boolean {
  return status === "skipped" && skipReason === "pending_media";
}

/** Throws `DEAD_LETTER_UNKNOWN` for a memory that is not there, or is no dead letter. */
export async function getDeadLetter(state: StateManager, key: LedgerKey): Promise<LedgerRow> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  if (row?.status === "dead") return row;
  const message = `connector "${key.connectorId}" has no dead letter "${key.memoryId}" in context "${key.contextId}"`;
  throw new ConnectorError("DEAD_LETTER_UNKNOWN", message, { subject: key.memoryId });
}

export type DeadLetterChange = LedgerEvent & { type: "replay" | "drop" };

/**
 * Replays or drops one dead letter, or the media of the memory that could not be read; the next run acts on it. Resolves to the memory's row.
 * Throws `DEAD_LETTER_UNKNOWN`, `DEAD_LETTER_EMPTY`, and `CONNECTOR_LOCKED` as `changeDeadLetters` does.
 */
export async function changeDeadLetter(
  state: StateManager,
  key: LedgerKey,
  event: DeadLetterChange,
  now: number,
): Promise<LedgerRow> {
  const lock = await state.lockConnector(key.connectorId);
  try {
    const { connectorId, contextId, memoryId } = key;
    const media = await changeDeadMedia(state, connectorId, { contextId, ids: [memoryId] }, event.type);
    const row = (await state.getRows(key, [memoryId])).get(memoryId);
    if (media.length > 0 && row !== undefined && row.status !== "dead") return row;
    const changed = applyEvent(await getDeadLetter(state, key), event, now);
    await state.saveRows([changed]);
    return changed;
  } finally {
    await lock.release();
  }
}

/** What a change reaches, or has reached. */
export interface DeadLetterSurvey {
  /** Each once, by id, whatever context it is of. */
  memoryIds: ReadonlySet<string>;
  /** How many dead letters, those of media too, have each code. */
  codes: ReadonlyMap<string, number>;
}

class Survey implements DeadLetterSurvey {
  readonly memoryIds = new Set<string>();
  readonly codes = new Map<string, number>();

  add({ memoryId, error }: Pick<LedgerRow, "memoryId" | "error">): void {
    const code = error?.code ?? "-";
    this.memoryIds.add(memoryId);
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }
}

/**
 * Replays or drops dead letters, those of media as well; the next run acts on it. Resolves to what was changed. Hold the connector's lock:
 * a run under way would work on the same rows.
 */
export async function changeDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  now: number,
): Promise<DeadLetterSurvey> {
  const reached = new Survey();
  const rows: LedgerRow[] = [];
  for await (const row of deadRows(state, connectorId, filter)) {
    const changed = changedRow(row, event, now);
    if (changed.length > 0) reached.add(row);
    rows.push(...changed);
  }
  await state.saveRows(rows);
  for (const medium of await changeDeadMedia(state, connectorId, filter, event.type)) reached.add(medium);
  return reached;
}

/** What `changeDeadLetters` would reach; nothing is changed. */
export async function surveyDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  now: number,
): Promise<DeadLetterSurvey> {
  const reached = new Survey();
  for await (const row of deadRows(state, connectorId, filter))
    if (changedRow(row, event, now).length > 0) reached.add(row);
  for (const medium of await reachedMedia(state, connectorId, filter)) reached.add(medium);
  return reached;
}

/** Whether `changeDeadLetters` would reach any; looks no further than the first. */
export async function reachesDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  now: number,
): Promise<boolean> {
  for await (const row of deadRows(state, connectorId, filter))
    if (changedRow(row, event, now).length > 0) return true;
  return (await reachedMedia(state, connectorId, filter)).length > 0;
}

/** Nothing, for a dead letter that has nothing to send: only its source can mend it. */
function changedRow(row: LedgerRow, event: LedgerEvent, now: number): LedgerRow[] {
  try {
    return [applyEvent(row, event, now)];
  } catch (error) {
    if (isConnectorError(error, "DEAD_LETTER_EMPTY")) return [];
    throw error;
  }
}
