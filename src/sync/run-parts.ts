import type { SinkInfo } from "../sinks/lightrag/light-rag-client.ts";
import type { Backfill } from "../state/record-stores.ts";
import type { DeliverParts } from "./deliver/deliver-parts.ts";
import type { BackfillParts } from "./discover/discover-backfill.ts";
import { OldestWaiting } from "./discover/oldest-waiting.ts";
import { eventsOfRun } from "./events.ts";
import { KnownDelivery } from "./known-delivery.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import type { LostDocumentsParts } from "./recover/lost-documents.ts";
import type { RecoverParts } from "./recover/recover-in-flight.ts";
import { reportChanges } from "./report/report-changes.ts";
import type { RunReport } from "./report/run-report.ts";
import { Retries, rowError } from "./retry-policy.ts";
import type { RunOptions } from "./run-options.ts";
import type { ConnectorParts } from "./sync-parts.ts";

/** What the phases of one run work with. Each phase declares and sees its own share only. */
export type RunParts = RecoverParts & LostDocumentsParts & BackfillParts & DeliverParts;

interface Begun {
  options: RunOptions;
  report: RunReport;
  info: SinkInfo;
  backfill: Backfill | null;
}

/** Puts together what a run works with once LightRAG has answered. */
export function partsOfRun(
  { source, sink, state, transformer, enrichment, clock, random, settings, ...parts }: ConnectorParts,
  { options, report, info, backfill }: Begun,
): RunParts {
  const { connectorId, retry: policy } = settings;
  const events = eventsOfRun(parts.events, { runId: options.runId, connectorId });
  return {
    source,
    sink,
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
      { force: options.force, onStored: reportChanges(report, events) },
    ),
    retries: new Retries({ policy, clock, random }),
    enricher: enrichment.forRun((error) => report.addError(rowError(error)), options),
    waiting: new OldestWaiting(),
    known: new KnownDelivery(),
  };
}
