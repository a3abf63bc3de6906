import { newRow } from "../src/domain/ledger.ts";
import type { LedgerRow } from "../src/domain/ledger-row.ts";
import { openState } from "../src/state/open-state.ts";
import { type Figure, median } from "./support/figures.ts";
import { type MeasuredRun, runBuiltCli } from "./support/measured-run.ts";
import { BenchFolder, connectorId, contextId, preparedMemories, startNullSink } from "./support/world.ts";

/** What the source shows each time. Not a round number: an answer of 1,000 would look cut off, and the source would be asked again. */
const shown = 990;
const manyKnown = 1_000_000;
const repeats = 5;
const chunkSize = 5000;

/** Re-syncs with nothing new over a small and a large ledger, turn by turn, by the command line. */
export async function measureResync(): Promise<Figure[]> {
  using small = new BenchFolder();
  using large = new BenchFolder();
  await using source = await small.startSource(shown);
  await using sink = await startNullSink({ generation: "1.5", answerMs: 0 });
  for (const folder of [small, large]) folder.writeConfig({ source, sink, count: shown });
  await fillLedger(small, shown);
  await fillLedger(large, manyKnown);
  const runs = { small: [] as MeasuredRun[], large: [] as MeasuredRun[] };
  for (let turn = 0; turn < repeats; turn++) {
    runs.small.push(await resync(small));
    runs.large.push(await resync(large));
  }
  const ms = (of: readonly MeasuredRun[]) => median(of.map((run) => run.ms));
  return [
    {
      what: `re-sync of ${shown} unchanged memories, ${manyKnown} known: time beside ${shown} known`,
      value: ms(runs.large) / ms(runs.small),
      unit: "×",
      target: { below: 1.5 },
      details: { smallMs: ms(runs.small), largeMs: ms(runs.large), repeats },
    },
    {
      what: `peak memory of that re-sync, ${manyKnown} known`,
      value: Math.max(...runs.large.map((run) => run.peakMb)),
      unit: "MB",
      target: { below: 200 },
      details: { withFewKnown: Math.max(...runs.small.map((run) => run.peakMb)) },
    },
  ];
}

async function resync(folder: BenchFolder): Promise<MeasuredRun> {
  const run = await runBuiltCli(folder.path, "sync");
  const [record] = (run.json as { runs: { counts: { unchanged: number; submitted: number } }[] }).runs;
  if (record?.counts.unchanged !== shown || record.counts.submitted !== 0)
    throw new Error("the re-sync did not find what it should");
  return run;
}

/** Rows as a sync leaves them: first those that the source shows, then others of the same context. */
async function fillLedger(folder: BenchFolder, count: number): Promise<void> {
  const state = await openState({ backend: "sqlite", path: folder.statePath("sqlite") });
  try {
    await state.saveRows(
      preparedMemories(shown).map(({ memory, prepared }) => processed(memory.id, prepared)),
    );
    for (let from = shown; from < count; from += chunkSize) {
      const length = Math.min(chunkSize, count - from);
      await state.saveRows(Array.from({ length }, (_, n) => known(`older-${from + n}`, from + n)));
    }
  } finally {
    await state.close();
  }
}

function known(memoryId: string, minutesAgo: number): LedgerRow {
  const row = processed(memoryId, {
    contentHash: memoryId.padStart(64, "0"),
    fileSource: `${contextId}__${memoryId}`,
  });
  return { ...row, memoryCreatedAt: Date.UTC(2026, 0, 1) - minutesAgo * 60_000 };
}

function processed(memoryId: string, document: { contentHash: string; fileSource: string }): LedgerRow {
  const row = newRow({ connectorId, contextId, memoryId }, document.fileSource, Date.now());
  return { ...row, status: "processed", contentHash: document.contentHash, documentId: `doc-${memoryId}` };
}
