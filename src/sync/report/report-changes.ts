import type { LedgerEvent, Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import type { RunEvents } from "../events.ts";

import type { RunReport } from "./run-report.ts";

/** Counts what a run has changed in the ledger, and tells whoever listens. */
export function reportChanges(
  report: Pick<RunReport, "counts" | "addError">,
  events: Emitter<RunEvents>,
): (transition: Transition, stored: LedgerRow) => void {
  return ({ row, event }, stored) => {
    count(report, event, stored);
    const { contextId, memoryId } = row;
    const item = { contextId, memoryId };
    if (event.type === "fail" || event.type === "die" || event.type === "malformed")
      report.addError(event.error, memoryId);
    if (event.type === "fail") {
      const { error, nextAttemptAt } = event;
      events.emit("item:failed", { ...item, error, attempts: stored.attempts, nextAttemptAt });
    }
    if (stored.status === "dead" && stored.error !== null)
      events.emit("item:dead", { ...item, error: stored.error });
    if (row.status !== stored.status)
      events.emit("item:changed", { ...item, from: row.status, to: stored.status });
  };
}

function count({ counts }: Pick<RunReport, "counts">, event: LedgerEvent, stored: LedgerRow): void {
  if (event.type === "proved") counts.processed += 1;
  if (event.type === "missing") counts.missing += 1;
  if (event.type === "vanish" || event.type === "tombstone") counts.vanished += 1;
  if (event.type === "gone") counts.deleted += 1;
  if (stored.status === "dead") counts.dead += 1;
}
