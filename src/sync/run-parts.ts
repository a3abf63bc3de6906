import type { LedgerEvent, Transition } from "../domain/ledger.ts";
import { isGroup, type LedgerRow } from "../domain/ledger-row.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { SinkInfo } from "../sinks/lightrag/light-rag-client.ts";
import type { Backfill } from "../state/record-stores.ts";
import type { DeliverParts } from "./deliver/deliver-parts.ts";
import type { BackfillParts } from "./discover/discover.ts";
import { OldestWaiting } from "./discover/discover-parts.ts";
import { eventsOfRun, type RunEvents } from "./events.ts";
import { documentsLeftToday } from "./guards/day-budget.ts";
import { KnownDelivery } from "./known-delivery.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import type { LostDocumentsParts } from "./recover/lost-documents.ts";
import type { RecoverParts } from "./recover/recover-in-flight.ts";
import type { FoundParts } from "./report/nothing-found.ts";
import type { RunReport } from "./report/run-report.ts";
import { Retries, rowError } from "./retry-policy.ts";
import type { RunOptions } from "./run-options.ts";
import type { ConnectorParts } from "./sync-parts.ts";

/** The dependencies of the phases of one run. Each phase declares and sees only its own subset. */
export type RunParts = RecoverParts & LostDocumentsParts & BackfillParts & DeliverParts & FoundParts;

interface Begun {
  options: RunOptions;
  report: RunReport;
  info: SinkInfo;
  backfill: Backfill | null;
}

/** Assembles the dependencies of a run once LightRAG has answered. */
export function partsOfRun(
  { source, sink, state, transformer, enrichment, clock, random, settings, ...parts }: ConnectorParts,
  { options, report, info, backfill }: Begun,
): RunParts {
  const { connectorId, retry: policy } = settings;
  const events = eventsOfRun(parts.events, { runId: options.runId, connectorId });
  return {
    source,
    sink,
    places: parts.places,
    state,
    transformer,
    enrichment,
    clock,
    settings,
    events,
    options,
    report,
    info,
    backfill,
    ledger: new LedgerWriter(
      { state, transformer, clock },
      { force: options.force, quietMs: settings.mergeQuietMs, onStored: reportChanges(report, events) },
    ),
    retries: new Retries({ policy, clock, random }),
    enricher: enrichment.forRun((error) => report.addError(rowError(error)), {
      force: options.force,
      documentsLeft: () => documentsLeftToday(state.budgets, settings, clock),
    }),
    waiting: new OldestWaiting(),
    known: new KnownDelivery(),
  };
}

/** Counts a run's changes of the ledger, and emits their events. */
function reportChanges(
  report: Pick<RunReport, "counts" | "addError">,
  events: Emitter<RunEvents>,
): (transition: Transition, stored: LedgerRow) => void {
  return ({ row, event }, stored) => {
    count(report, event, row, stored);
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

function count(
  { counts }: Pick<RunReport, "counts">,
  event: LedgerEvent,
  row: LedgerRow,
  stored: LedgerRow,
): void {
  if (event.type === "proved") counts.processed += 1;
  if (event.type === "missing") counts.missing += 1;
  // A document whose last note has moved to another one is no memory that its source has lost.
  if ((event.type === "vanish" || event.type === "tombstone") && !isGroup(row)) counts.vanished += 1;
  if (event.type === "gone") counts.deleted += 1;
  if (stored.status === "dead") counts.dead += 1;
}
