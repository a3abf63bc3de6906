import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { StateBackend } from "../../../src/state/open-state.ts";
import { Random } from "../../fuzz/support/random.ts";
import { ForeignClient } from "./foreign-client.ts";
import { HostileWeek, type WeekOptions } from "./week.ts";
import { weekKinds } from "./week-kinds.ts";
import type { WeekSink } from "./week-sink.ts";

export interface LifeOptions
  extends Pick<WeekOptions, "runs" | "budgetMs" | "memories" | "settings" | "longestLifeMs"> {
  /** Of the source. */
  kind: string;
  backend: StateBackend;
  seed: number;
  /** Others who write into the same LightRAG. */
  foreign: number;
  /** Between two of their documents, on average. Milliseconds. */
  foreignPauseMs: number;
}

/** Of the trace, when something does not hold. */
const shownRuns = 30;

/** Lives through a hostile week before `sink`, which is stopped in the end, and expects everything to hold. Resolves to its number of runs. */
export async function liveThrough(sink: WeekSink, options: LifeOptions): Promise<number> {
  const { seed, backend } = options;
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-week-"));
  const others = Array.from(
    { length: options.foreign },
    (_, at) => new ForeignClient(sink.url, `other${at}`, seed + at),
  );
  for (const other of others) other.start(options.foreignPauseMs);
  const trace: string[] = [];
  try {
    const kind = weekKinds.get(options.kind);
    if (kind === undefined) throw new Error(`no kind ${options.kind}`);
    const week = await HostileWeek.begin({
      ...options,
      kind,
      sink,
      folder,
      random: new Random(seed),
      onRun: (line) => {
        trace.push(line);
        if (process.env.TRACE !== undefined) process.stdout.write(`${options.kind} ${line}\n`);
      },
    });
    const broken = await week.run();
    expect(
      broken,
      [`SEED=${seed} KIND=${options.kind} ${backend}`, ...trace.slice(-shownRuns)].join("\n"),
    ).toEqual([]);
    for (const other of others) {
      await other.stop();
      expect(await other.missing()).toEqual([]);
    }
    return trace.filter((line) => line.startsWith("run")).length;
  } finally {
    for (const other of others) await other.stop();
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
