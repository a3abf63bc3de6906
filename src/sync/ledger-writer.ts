import { applyEvent, type LedgerEvent } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { SyncEvents } from "./events.ts";
import type { RunReport } from "./report/run-report.ts";

export interface Transition {
  row: LedgerRow;
  event: LedgerEvent;
}

/** The only way in which a run changes the ledger: durable first, then counted and told. */
export class LedgerWriter {
  private readonly state: StateManager;
  private readonly clock: Clock;
  private readonly report: RunReport;
  private readonly events: Emitter<SyncEvents>;
  private readonly runId: string;

  constructor(
    parts: { state: StateManager; clock: Clock; events: Emitter<SyncEvents> },
    report: RunReport,
    runId: string,
  ) {
    this.state = parts.state;
    this.clock = parts.clock;
    this.events = parts.events;
    this.report = report;
    this.runId = runId;
  }

  /** Applies the events all or none; resolves to the rows as stored, in the order given. */
  async apply(transitions: readonly Transition[]): Promise<LedgerRow[]> {
    if (transitions.length === 0) return [];
    const now = this.clock.now();
    const saved = await this.state.saveRows(transitions.map(({ row, event }) => applyEvent(row, event, now)));
    transitions.forEach((transition, index) => {
      this.tell(transition, saved[index] ?? transition.row);
    });
    return saved;
  }

  private tell({ row, event }: Transition, saved: LedgerRow): void {
    this.count(event, saved);
    const item = {
      runId: this.runId,
      connectorId: row.connectorId,
      contextId: row.contextId,
      memoryId: row.memoryId,
    };
    if (event.type === "fail" || event.type === "die" || event.type === "malformed") {
      this.report.addError(event.error, row.memoryId);
    }
    if (event.type === "fail") {
      this.events.emit("item:failed", {
        ...item,
        error: event.error,
        attempts: saved.attempts,
        nextAttemptAt: event.nextAttemptAt,
      });
    }
    if (saved.status === "dead" && saved.error !== null)
      this.events.emit("item:dead", { ...item, error: saved.error });
    if (row.status !== saved.status)
      this.events.emit("item:changed", { ...item, from: row.status, to: saved.status });
  }

  private count(event: LedgerEvent, saved: LedgerRow): void {
    const { counts } = this.report;
    if (event.type === "proved") counts.processed += 1;
    if (event.type === "missing") counts.missing += 1;
    if (event.type === "vanish" || event.type === "tombstone") counts.vanished += 1;
    if (event.type === "gone") counts.deleted += 1;
    if (saved.status === "dead") counts.dead += 1;
  }
}
