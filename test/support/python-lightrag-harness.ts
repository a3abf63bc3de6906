import type { ServerGeneration } from "../../src/lightrag/light-rag-client.ts";
import type { SinkHarness } from "../contract/light-rag-client-suite.ts";
import { quickClient } from "./lightrag-simulator-harness.ts";
import { startModelServer } from "./model-server.ts";
import { startPythonLightRag } from "./python-lightrag.ts";

/** The API client over a real server. */
export function pythonHarness(generation: ServerGeneration): SinkHarness {
  return {
    name: `a real LightRAG ${generation}`,
    start: async () => {
      const model = await startModelServer();
      const env = { MAX_GLEANING: "0" };
      const server = await startPythonLightRag({ generation, modelUrl: model.url, env });
      return {
        makeClient: () => quickClient({ url: server.url }),
        refuseText: (refuseText) => {
          model.faults = refuseText === undefined ? {} : { refuseText };
        },
        refuseAll: (on) => {
          model.faults = on ? { refuseAll: "insufficient_quota" } : {};
        },
        slowDown: (latencyMs) => {
          model.faults = latencyMs === 0 ? {} : { latencyMs };
        },
        crash: async () => {
          await server.kill();
          await server.start();
        },
        stop: async () => {
          await server.stop();
          await model.stop();
        },
      };
    },
  };
}
