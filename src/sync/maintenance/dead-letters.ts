import { applyEvent, type LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerKey, LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import { allRows } from "../../state/all-rows.ts";
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

export interface ChangedDeadLetters {
  rows: readonly LedgerRow[];
  media: readonly UnreadMedium[];
  /** Of both, each once. */
  memoryIds: readonly string[];
}

/**
 * Replays or drops dead letters, those of media as well; the next run acts on it. Hold the connector's lock: a run under way would work on
 * the same rows.
 */
export async function changeDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  now: number,
): Promise<ChangedDeadLetters> {
  const dead = await findDeadLetters(state, connectorId, filter);
  const rows = await state.saveRows(dead.flatMap((row) => changedRow(row, event, now)));
  const media = await changeDeadMedia(state, connectorId, filter, event.type);
  const memoryIds = [...new Set([...rows, ...media].map(({ memoryId }) => memoryId))];
  return { rows, media, memoryIds };
}

/** What a change would reach; nothing is changed. */
export interface DeadLetterSurvey {
  /** Each once, by id, whatever context it is of. */
  memoryIds: ReadonlySet<string>;
  /** How many dead letters, those of media too, have each code. */
  codes: ReadonlyMap<string, number>;
}

export async function surveyDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  now: number,
): Promise<DeadLetterSurvey> {
  const memoryIds = new Set<string>();
  const codes = new Map<string, number>();
  const count = (memoryId: string, code = "-") => {
    memoryIds.add(memoryId);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  };
  for await (const row of deadRows(state, connectorId, filter)) {
    if (changedRow(row, event, now).length > 0) count(row.memoryId, row.error?.code);
  }
  for (const { memoryId, error } of await reachedMedia(state, connectorId, filter))
    count(memoryId, error.code);
  return { memoryIds, codes };
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
