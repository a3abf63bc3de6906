import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { LightRagSimulator } from "../../test/support/lightrag-simulator.ts";
import { startModelServer } from "../../test/support/model-server.ts";
import { pinnedVersions, startPythonLightRag } from "../../test/support/python-lightrag.ts";

/** A LightRAG server that documents are brought to, and what the inputs do to it. */
export interface ComparedLightRag {
  readonly url: string;
  readonly version: string;
  /** The folder that the server scans; no more than a folder where it does not. */
  readonly inputDir: string;
  /** From now on its model refuses every text that contains this. */
  refuse(text: string): void;
  /** From now on a document takes at least this long. Milliseconds. */
  slowDown(ms: number): void;
  /** Kills the process in the middle of its work and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The server from PyPI, over a scripted model. */
export async function startRealLightRag(): Promise<ComparedLightRag> {
  const model = await startModelServer();
  const server = await startPythonLightRag({ generation: "1.5", modelUrl: model.url });
  return {
    url: server.url,
    version: pinnedVersions["1.5"],
    inputDir: join(server.workingDir, "..", "inputs"),
    refuse: (refuseText) => {
      model.faults = { ...model.faults, refuseText };
    },
    slowDown: (latencyMs) => {
      model.faults = { ...model.faults, latencyMs };
    },
    restart: async () => {
      await server.kill();
      await server.start();
    },
    stop: async () => {
      await server.stop();
      await model.stop();
    },
  };
}

/** The simulator of the test suites; it scans no folder. `folder`: where its input folder would be. */
export async function startSimulatedLightRag(folder: string): Promise<ComparedLightRag> {
  const server = new LightRagSimulator({ generation: "1.5" });
  await server.start();
  const inputDir = join(folder, "inputs");
  mkdirSync(inputDir, { recursive: true });
  return {
    url: server.url,
    version: "simulated",
    inputDir,
    refuse: (refuseText) => {
      server.model = { refuseText };
    },
    slowDown: (ms) => {
      server.options.processingMs = ms;
    },
    restart: async () => {
      await server.kill();
      await server.start();
    },
    stop: () => server.stop(),
  };
}
