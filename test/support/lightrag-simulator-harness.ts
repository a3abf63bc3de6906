import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { SinkHarness } from "../contract/light-rag-client-suite.ts";
import type { ServerHarness } from "../contract/light-rag-server-suite.ts";
import { quickClient } from "./lightrag-quick-client.ts";
import { LightRagSimulator } from "./lightrag-simulator.ts";

/** The API client over the simulated server. */
export function simulatorHarness(generation: ServerGeneration): SinkHarness {
  return {
    name: `a simulated LightRAG ${generation}`,
    start: async () => {
      const simulator = new LightRagSimulator({ generation, enqueueMs: 20, processingMs: 5, deletingMs: 20 });
      await simulator.start();
      return {
        makeClient: () => quickClient({ url: simulator.url }),
        refuseText: (refuseText) => {
          simulator.model = refuseText === undefined ? {} : { refuseText };
        },
        refuseAll: (refuseAll) => {
          simulator.model = { refuseAll };
        },
        slowDown: (ms) => {
          simulator.options.processingMs = Math.max(ms, 5);
        },
        crash: async () => {
          await simulator.kill();
          await simulator.start();
        },
        stop: () => simulator.stop(),
      };
    },
  };
}

/** Simulated servers that guard their door. */
export function simulatedServers(generation: ServerGeneration): ServerHarness {
  return {
    name: `a simulated LightRAG ${generation}`,
    start: async ({ apiKey, account, workspace = "" }) => {
      const accounts = account === undefined ? undefined : { [account.username]: account.password };
      const simulator = new LightRagSimulator({ generation, apiKey, accounts, workspace });
      await simulator.start();
      return { url: simulator.url, stop: () => simulator.stop() };
    },
  };
}
