import { onTestFinished } from "vitest";
import type { LightRagApiOptions } from "../../src/sinks/lightrag/server/options.ts";
import type { SyncSettings } from "../../src/sync/sync-settings.ts";
import { quickClient } from "./lightrag-quick-client.ts";
import type { SimulatedServerOptions } from "./lightrag-simulator-options.ts";
import { startSimulator } from "./lightrag-simulator-test.ts";
import { memoryOf, syncHarness } from "./sync-harness.ts";

interface HarnessOptions {
  memories?: number;
  server?: Partial<SimulatedServerOptions>;
  client?: Partial<LightRagApiOptions>;
  settings?: Partial<SyncSettings>;
}

/** A run from a listed source over the real client of LightRAG's API into a simulated server, with short waits. */
export async function simulatedSink({ memories = 0, server, client, settings }: HarnessOptions) {
  const simulator = await startSimulator({ generation: "1.5", ...server });
  const options = { url: simulator.url, ...client, timing: { settleMs: 60, ...client?.timing } };
  const sink = quickClient(options);
  onTestFinished(() => sink.close());
  const sync = await syncHarness({ concurrency: 10, maxInFlight: 40, ...settings });
  sync.source.memories = Array.from({ length: memories }, (_, at) => memoryOf(`m${at}`));
  const inserts = () => {
    const { "POST /documents/text": one = 0, "POST /documents/texts": many = 0 } = simulator.requests;
    return one + many;
  };
  return {
    ...sync,
    ...sync.with({ sink }),
    sink,
    simulator,
    inserts,
    /** Names of the memories that LightRAG holds processed, sorted. */
    held: () =>
      simulator
        .documents()
        .filter(({ status }) => status === "processed")
        .map(({ file_path }) => file_path.split("@")[0] ?? "")
        .sort(),
    names: (...without: string[]) =>
      sync.source.memories
        .map(({ id }) => id)
        .filter((id) => !without.includes(id))
        .sort(),
  };
}
