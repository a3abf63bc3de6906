import { Writable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { countRuns } from "../../src/observe/count-events.ts";
import { LedgerGauges } from "../../src/observe/ledger-gauges.ts";
import { logRuns } from "../../src/observe/log-events.ts";
import type { LogLevel } from "../../src/observe/log-settings.ts";
import { Logs } from "../../src/observe/logs.ts";
import { Metrics } from "../../src/observe/metrics.ts";
import { SecretMask } from "../../src/observe/secret-mask.ts";
import { memoryOf, syncHarness } from "../support/sync-harness.ts";

const diary = "dear diary, nobody shall read this";
const memories = ["good", "bad"].map((id) => memoryOf(id, { transcript: `${diary}: ${id}`, title: diary }));

interface LogLine {
  msg: string;
  level: string;
  connector_id?: string;
  run_id?: string;
  memory_id?: string;
}

function logsTo(lines: LogLine[], level: LogLevel): Logs {
  const console = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const logs = new Logs({
    settings: {
      level,
      format: "json",
      file: null,
      console: { enabled: true, colorize: false },
      components: { scheduler: level, apiClient: level, orchestrator: level, stateManager: level },
    },
    console,
    clock: systemClock,
    mask: new SecretMask(),
  });
  onTestFinished(() => logs.close());
  return logs;
}

/** A run over one memory that LightRAG takes and one that it fails on, with an error that quotes the memory. */
async function watchedRun(level: LogLevel) {
  const sync = await syncHarness();
  const lines: LogLine[] = [];
  const metrics = new Metrics();
  logRuns(sync.events, logsTo(lines, level).of("orchestrator"));
  countRuns(sync.events, metrics);
  const connectors = () => [{ id: "c", contextIds: ["CTX"] }];
  metrics.addSource(new LedgerGauges({ ...sync, metrics, connectors }, sync.events));
  sync.source.memories = memories;
  sync.sink.onInsert = (record) => {
    const bad = record.fileSource.startsWith("bad");
    const failed = { status: "failed", error: `the model refuses "${diary}"` } as const;
    Object.assign(record, bad ? failed : { status: "processed", chunks: 1 });
  };
  const record = await sync.run();
  return { record, lines, metrics };
}

test("at info and above the log of a run has no word of a transcript, and every line its ids", async () => {
  const { record, lines } = await watchedRun("info");
  expect(record).toMatchObject({ outcome: "partial", counts: { processed: 1, dead: 1 } });
  expect(JSON.stringify(lines)).not.toContain("diary");
  for (const line of lines) expect(line).toMatchObject({ connector_id: "c", run_id: record.runId });
  expect(lines.at(0)).toMatchObject({ level: "INFO", msg: "run started" });
  expect(lines.filter(({ level }) => level === "ERROR")).toMatchObject([
    { msg: "memory became a dead letter", memory_id: "bad", context_id: "CTX", code: "SINK_DOCUMENT_FAILED" },
  ]);
  expect(lines.at(-1)).toMatchObject({ level: "WARNING", msg: "run ended", outcome: "partial" });
});

test("at debug the reason of a failure is there", async () => {
  const { lines } = await watchedRun("debug");
  const reasons = lines.filter(({ msg }) => msg === "reason");
  expect(reasons.at(-1)).toMatchObject({
    level: "DEBUG",
    memory_id: "bad",
    error: expect.stringContaining(diary),
  });
});

test("the metrics of a run agree with its record", async () => {
  const { metrics } = await watchedRun("fatal");
  const text = await metrics.scrape();
  for (const series of [
    'syncs_total{connector_id="c",status="partial"} 1',
    'memories_processed_total{connector_id="c"} 1',
    'memories_seen_total{connector_id="c",finding="new"} 2',
    'dead_letters{connector_id="c"} 1',
    'in_flight{connector_id="c"} 0',
  ]) {
    expect(text).toContain(`memory_connector_${series}\n`);
  }
  expect(text).toMatch(
    /memory_connector_errors_total\{connector_id="c",error_type="SINK_DOCUMENT_FAILED"\} [1-9]/,
  );
});
