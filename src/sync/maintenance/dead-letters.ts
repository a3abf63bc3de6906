import { applyEvent, type LedgerEvent, type Transition } from "../../domain/ledger.ts";
import { isGroup, type LedgerKey, type LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { RowQuery, StateManager } from "../../state/state-manager.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import { type DeadLetterFilter, meansRow } from "./dead-letter-filter.ts";
import { changeDeadMedia, reachedMedia } from "./dead-media.ts";
import type { ReplayMeter } from "./replay-cost.ts";

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
  order?: RowQuery["order"],
): AsyncGenerator<LedgerRow> {
  const { contextId } = filter;
  for await (const row of allRows(state, { connectorId, contextId, statuses: ["dead"], order })) {
    if (meansRow(filter, row)) yield row;
  }
}

/** At most `limit` memories of a connector that have no content without a medium that could not be read yet. */
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

/** Throws `DEAD_LETTER_UNKNOWN` for an unknown memory, or one that is not a dead letter. */
export async function getDeadLetter(state: StateManager, key: LedgerKey): Promise<LedgerRow> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  if (row?.status === "dead") return row;
  const message = `connector "${key.connectorId}" has no dead letter "${key.memoryId}" in context "${key.contextId}"`;
  throw new ConnectorError("DEAD_LETTER_UNKNOWN", message, { subject: key.memoryId });
}

export type DeadLetterChange = LedgerEvent & { type: "replay" | "drop" };

interface DeadLetterParts {
  state: StateManager;
  ledger: Pick<LedgerWriter, "apply">;
}

/**
 * Replays or drops one dead letter, or the media of the memory that could not be read; the next run processes it. Resolves to the
 * memory's row. Throws `DEAD_LETTER_UNKNOWN`, `DEAD_LETTER_EMPTY`, and `CONNECTOR_LOCKED` as `changeDeadLetters` does.
 */
export async function changeDeadLetter(
  { state, ledger }: DeadLetterParts,
  key: LedgerKey,
  event: DeadLetterChange,
): Promise<LedgerRow> {
  const lock = await state.lockConnector(key.connectorId);
  try {
    const { connectorId, contextId, memoryId } = key;
    const media = await changeDeadMedia(state, connectorId, { contextId, ids: [memoryId] }, event.type);
    const row = (await state.getRows(key, [memoryId])).get(memoryId);
    if (media.length > 0 && row !== undefined && row.status !== "dead") return row;
    const dead = await getDeadLetter(state, key);
    const [changed = dead] = await ledger.apply([{ row: dead, event }]);
    return changed;
  } finally {
    await lock.release();
  }
}

/** What a change affects, or has affected. */
export interface DeadLetterSurvey {
  /** Without duplicates, over all contexts. */
  memoryIds: ReadonlySet<string>;
  /** Number of dead letters, including those of media, by code. */
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
 * Replays or drops dead letters, including those of media; the next run processes them. Resolves to what was changed. Hold the
 * connector's lock: a concurrent run would change the same rows.
 */
export async function changeDeadLetters(
  { state, ledger }: DeadLetterParts,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
): Promise<DeadLetterSurvey> {
  const reached = new Survey();
  const changes: Transition[] = [];
  for await (const row of reachedRows(state, connectorId, filter, event)) {
    reached.add(row);
    changes.push({ row, event });
  }
  // The documents of groups first: a note that is dropped has its group's document written again, which is then no dead letter any more.
  await ledger.apply(changes.filter(({ row }) => isGroup(row)));
  await ledger.apply(changes.filter(({ row }) => !isGroup(row)));
  for (const medium of await changeDeadMedia(state, connectorId, filter, event.type)) reached.add(medium);
  return reached;
}

/** What `changeDeadLetters` would affect, the newest memory first; nothing is changed. The meter is shown each. */
export async function surveyDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  meter?: Pick<ReplayMeter, "addRow" | "addMedium">,
): Promise<DeadLetterSurvey> {
  const reached = new Survey();
  for await (const row of reachedRows(state, connectorId, filter, event, "newest")) {
    reached.add(row);
    meter?.addRow(row);
  }
  for (const medium of await reachedMedia(state, connectorId, filter)) {
    reached.add(medium);
    meter?.addMedium();
  }
  return reached;
}

/** Whether `changeDeadLetters` would affect any; stops at the first. */
export async function reachesDeadLetters(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
): Promise<boolean> {
  for await (const _ of reachedRows(state, connectorId, filter, event)) return true;
  return (await reachedMedia(state, connectorId, filter)).length > 0;
}

/** Without those that have nothing to send: only their source can mend them. */
async function* reachedRows(
  state: StateManager,
  connectorId: string,
  filter: DeadLetterFilter,
  event: DeadLetterChange,
  order?: RowQuery["order"],
): AsyncGenerator<LedgerRow> {
  for await (const row of deadRows(state, connectorId, filter, order)) if (isPossible(row, event)) yield row;
}

function isPossible(row: LedgerRow, event: LedgerEvent): boolean {
  try {
    applyEvent(row, event, row.changedAt);
    return true;
  } catch (error) {
    if (isConnectorError(error, "DEAD_LETTER_EMPTY")) return false;
    throw error;
  }
}
