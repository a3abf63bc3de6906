import { isDeepStrictEqual } from "node:util";
import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { LedgerRow, LedgerStatus } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { Backfill, SpentBudget } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { isInSlowLane } from "../backfill.ts";
import type { RunEvents } from "../events.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import { keyOf } from "../memory-key.ts";
import { textOf } from "../render-document.ts";
import { rowError } from "../retry-policy.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { costOf, type DocumentCost, exceededLimit, isLimited, spentToday, withCost } from "./day-budget.ts";

export interface AdmissionParts {
  readonly state: Pick<StateManager, "pageRows" | "getRows" | "countRows" | "budgets">;
  readonly transformer: Pick<MemoryTransformer, "write">;
  readonly ledger: LedgerWriter;
  readonly clock: Pick<Clock, "now">;
  readonly events: Emitter<RunEvents>;
  readonly settings: Pick<
    SyncSettings,
    "connectorId" | "budget" | "backfillPerRun" | "maxInFlight" | "timezone"
  >;
  /** The active backfill, if any. */
  readonly backfill: Backfill | null;
}

/**
 * Decides which rows may be sent in this run, if the connector has a budget or an active backfill. The newest memories come first,
 * with a limit for those of a backfill, so that a run with old memories ends soon and the next one can list new ones. A row is
 * charged to the budget, durably, before anything is done with it, and before its old document is removed, so that an update never
 * leaves LightRAG without either text because the day's budget is spent. Every submission counts, including repeated ones. At most
 * as many rows as may be in flight are charged at once: a run that is killed in between charges them once more, and never exceeds
 * the budget.
 */
export class AdmissionControl {
  readonly #parts: AdmissionParts;
  readonly #allowed = new Map<string, LedgerRow>();
  readonly isLimited: boolean;
  /** The next row exceeds the rest of the day's budget. */
  isSpent = false;
  /** The number of rows that the last `extend` has admitted. */
  extendedBy = 0;
  #slowLaneUsed = 0;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.isLimited = isLimited(parts.settings.budget) || parts.backfill !== null;
  }

  /** Whether this row is admitted. Removals without a following insert cost nothing. */
  covers(row: LedgerRow): boolean {
    return !this.isLimited || !leadsToInsert(row) || this.#allowed.has(keyOf(row));
  }

  /** Admits the next rows, as far as the budget allows. */
  async extend(): Promise<void> {
    if (!this.isLimited) return;
    const before = await this.#spent();
    const { rows, spent } = await this.#choose(before);
    if (!isDeepStrictEqual(spent, before)) await this.#parts.state.budgets.save(spent);
    for (const row of rows) this.#allowed.set(keyOf(row), row);
    this.extendedBy = rows.length;
    this.isSpent = spent.spentOut !== null;
    if (this.isSpent) await this.#tellSpent();
  }

  /** Whether rows may remain that this run will not send. */
  get putsOff(): boolean {
    return this.isSpent || this.#slowLaneUsed >= this.#parts.settings.backfillPerRun;
  }

  /** Takes the admitted rows that are ready to be sent, newest memory first; each is returned once. */
  async takePending(): Promise<LedgerRow[]> {
    const rows: LedgerRow[] = [];
    for (const [key, { connectorId, contextId, memoryId }] of this.#allowed) {
      const row = (await this.#parts.state.getRows({ connectorId, contextId }, [memoryId])).get(memoryId);
      if (row?.status === "deleting") continue;
      this.#allowed.delete(key);
      if (row?.status === "pending") rows.push(row);
    }
    return rows;
  }

  async #choose(before: SpentBudget): Promise<{ rows: LedgerRow[]; spent: SpentBudget }> {
    const rows: LedgerRow[] = [];
    let spent: SpentBudget = { ...before, spentOut: null };
    for await (const row of this.#candidates()) {
      if (rows.length === this.#parts.settings.maxInFlight) break;
      const cost = this.#costOf(row);
      if (await this.#isTooLarge(row, cost)) continue;
      const spentOut = exceededLimit(this.#parts.settings.budget, withCost(spent, cost));
      if (spentOut !== null) return { rows, spent: { ...spent, spentOut } };
      spent = withCost(spent, cost);
      rows.push(row);
      if (isInSlowLane(this.#parts.backfill, row)) this.#slowLaneUsed += 1;
    }
    return { rows, spent };
  }

  async *#candidates(): AsyncGenerator<LedgerRow> {
    const { state, settings, clock } = this.#parts;
    const statuses: readonly LedgerStatus[] = ["pending", "deleting"];
    const query = { connectorId: settings.connectorId, statuses, dueBefore: clock.now() };
    for await (const row of allRows(state, { ...query, order: "newest" })) {
      if (leadsToInsert(row) && !this.#allowed.has(keyOf(row)) && this.#hasRoomFor(row)) yield row;
    }
  }

  #hasRoomFor(row: LedgerRow): boolean {
    const { backfill, settings } = this.#parts;
    return this.#slowLaneUsed < settings.backfillPerRun || !isInSlowLane(backfill, row);
  }

  /** A memory that is skipped costs nothing. */
  #costOf(row: LedgerRow): DocumentCost {
    const text = textOf(this.#parts, row);
    return text === null ? { documents: 0, characters: 0, tokens: 0 } : costOf(text);
  }

  /** A document that exceeds a whole day's budget would block all older ones for ever: it becomes a dead letter. */
  async #isTooLarge(row: LedgerRow, cost: DocumentCost): Promise<boolean> {
    const limit = exceededLimit(this.#parts.settings.budget, cost);
    if (limit === null) return false;
    const message = `the document has more ${limit} than the budget of a whole day allows`;
    const error = rowError(new ConnectorError("BUDGET_TOO_SMALL", message));
    await this.#parts.ledger.apply([{ row, event: { type: "die", error } }]);
    return true;
  }

  #spent(): Promise<SpentBudget> {
    const { state, settings, clock } = this.#parts;
    return spentToday(state.budgets, settings, clock);
  }

  async #tellSpent(): Promise<void> {
    const { state, settings, events } = this.#parts;
    const { pending, deleting } = await state.countRows(settings.connectorId);
    const waiting = pending + deleting - this.#allowed.size;
    events.emit("run:budget-spent", { waiting });
  }
}

function leadsToInsert(row: LedgerRow): boolean {
  return row.deleteReason !== "propagate" && row.deleteReason !== "withdraw";
}
