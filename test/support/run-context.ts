import { fileSourceOf } from "../../src/documents/file-source.ts";
import { applyEvent, newRow } from "../../src/domain/ledger.ts";
import type { LedgerRow } from "../../src/domain/ledger-row.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { eventsOfRun } from "../../src/sync/events.ts";
import { KnownDelivery } from "../../src/sync/known-delivery.ts";
import { LedgerWriter } from "../../src/sync/ledger-writer.ts";
import { reportChanges } from "../../src/sync/report/report-changes.ts";
import { RunReport } from "../../src/sync/report/run-report.ts";
import { Retries } from "../../src/sync/retry-policy.ts";
import type { RunContext } from "../../src/sync/run-context.ts";
import type { RunOptions } from "../../src/sync/run-options.ts";
import type { syncHarness } from "./sync-harness.ts";

type Harness = Awaited<ReturnType<typeof syncHarness>>;

/** What a phase of a run is given, for tests of one phase. */
export async function runContext(sync: Harness, change: Partial<RunOptions> = {}): Promise<RunContext> {
  const options: RunOptions = {
    runId: "r",
    trigger: "cli",
    force: false,
    wait: true,
    filter: {},
    ...change,
  };
  const report = new RunReport(sync.settings.connectorId, options, sync.clock.now());
  const { connectorId, retry: policy } = sync.settings;
  const events = eventsOfRun(sync.events, { runId: options.runId, connectorId });
  return {
    ...sync,
    events,
    retries: new Retries({ policy, clock: sync.clock, random: sync.random }),
    options,
    report,
    ledger: new LedgerWriter(sync, {
      force: options.force,
      onStored: reportChanges(report, events),
    }),
    enricher: sync.enrichment.forRun(() => undefined),
    backfill: null,
    waitingSince: new Map(),
    known: new KnownDelivery(),
    info: await sync.sink.connect(),
    signal: new AbortController().signal,
  };
}

/** Rows that are ready to be sent. */
export async function pendingRows(sync: Harness, memories: readonly Memory[]): Promise<LedgerRow[]> {
  return sync.state.saveRows(
    memories.map((memory) => {
      const fileSource = fileSourceOf("CTX", memory.id);
      const key = { connectorId: sync.settings.connectorId, contextId: "CTX", memoryId: memory.id };
      const { contentHash } = sync.transformer.write("CTX", memory);
      const content = { memory, contentHash, sourceHash: null, groupKey: null, fileSource };
      return applyEvent(newRow(key, fileSource, 0), { type: "upsert", content }, 0);
    }),
  );
}
