import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { SinkHarness } from "../contract/light-rag-client-suite.ts";
import type { ServerHarness, ServerSettings } from "../contract/light-rag-server-suite.ts";
import { quickClient } from "./lightrag-quick-client.ts";
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

/** Real servers that guard their door. */
export function pythonServers(generation: ServerGeneration): ServerHarness {
  return {
    name: `a real LightRAG ${generation}`,
    // Nothing is indexed, so no model is ever called.
    start: (settings) =>
      startPythonLightRag({ generation, modelUrl: "http://127.0.0.1:9/v1", env: environmentOf(settings) }),
  };
}

function environmentOf({ apiKey, account, workspace }: ServerSettings): Record<string, string> {
  return {
    ...(workspace === undefined ? {} : { WORKSPACE: workspace }),
    ...(apiKey === undefined ? {} : { LIGHTRAG_API_KEY: apiKey }),
    ...(account === undefined
      ? {}
      : {
          AUTH_ACCOUNTS: `${account.username}:${account.password}`,
          TOKEN_SECRET: "a secret of the suite's own",
        }),
  };
}
