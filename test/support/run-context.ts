import { fileSourceOf } from "../../src/documents/file-source.ts";
import { applyEvent, newRow } from "../../src/domain/ledger.ts";
import type { LedgerRow } from "../../src/domain/ledger-row.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { RunReport } from "../../src/sync/report/run-report.ts";
import type { RunOptions } from "../../src/sync/run-options.ts";
import { partsOfRun, type RunParts } from "../../src/sync/run-parts.ts";
import type { syncHarness } from "./sync-harness.ts";

type Harness = Awaited<ReturnType<typeof syncHarness>>;

/** What the phases of a run work with, for tests of one phase. */
export async function runContext(
  sync: Harness,
  change: Partial<RunOptions> = {},
): Promise<RunParts & { report: RunReport; signal: AbortSignal }> {
  const options: RunOptions = {
    runId: "r",
    trigger: "cli",
    force: false,
    wait: true,
    filter: {},
    ...change,
  };
  const report = new RunReport(sync.settings.connectorId, options, sync.clock.now());
  const begun = { options, report, info: await sync.sink.connect(), backfill: null };
  return { ...partsOfRun(sync, begun), report, signal: new AbortController().signal };
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
