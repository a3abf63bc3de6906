import { readConfig } from "../../src/config/read-config.ts";
import { App } from "../../src/runtime/app.ts";
import type { StateBackend } from "../../src/state/open-state.ts";
import { ordinaryRun } from "../../src/sync/run-options.ts";
import type { ChildServer } from "./child-server.ts";
import { BenchFolder, connectorId, type SinkSpeed, startNullSink } from "./world.ts";

export interface SyncTimes {
  /** From the first insert to the last proof. Milliseconds. */
  deliverMs: number;
  /** With connecting and reading the source. Milliseconds. */
  runMs: number;
}

/** One whole sync in this process, with a fresh state and a fresh sink; fails unless every memory is proved. A database is the caller's. */
export async function syncOnce(
  source: ChildServer,
  count: number,
  speed: SinkSpeed,
  state: Exclude<StateBackend, "postgres"> | { url: string } = "sqlite",
): Promise<SyncTimes> {
  using folder = new BenchFolder();
  await using sink = await startNullSink(speed);
  if (typeof state === "string") folder.writeConfig({ source, sink, count, backend: state });
  else folder.writeConfig({ source, sink, count }, { state });
  const config = readConfig({ path: "config.yaml", environment: {}, workingFolder: folder.path });
  const app = await App.open(config, { readOnly: false });
  try {
    const options = ordinaryRun("cli", Date.now());
    const startedAt = performance.now();
    const { counts, phases } = await app.run(
      app.connector(connectorId),
      options,
      new AbortController().signal,
    );
    const runMs = performance.now() - startedAt;
    if (counts.processed !== count) throw new Error(`${counts.processed} of ${count} memories were proved`);
    return { deliverMs: phases.deliver ?? Number.NaN, runMs };
  } finally {
    await app.close();
  }
}
