import { onTestFinished } from "vitest";
import type {
  OutgoingDocument,
  ServerGeneration,
  SinkInfo,
} from "../../src/sinks/lightrag/light-rag-client.ts";
import type { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import type { LightRagApiOptions } from "../../src/sinks/lightrag/server/options.ts";
import { quickClient } from "./lightrag-quick-client.ts";
import { LightRagSimulator } from "./lightrag-simulator.ts";
import type { SimulatedServerOptions } from "./lightrag-simulator-options.ts";

export const never = new AbortController().signal;

export interface ConnectedSimulator {
  simulator: LightRagSimulator;
  client: LightRagApiClient;
  info: SinkInfo;
}

/** A simulated server and a client of it that is connected; both end with the test. */
export async function connectedSimulator(
  server: Partial<SimulatedServerOptions> & { generation: ServerGeneration },
  options: Partial<LightRagApiOptions> = {},
): Promise<ConnectedSimulator> {
  const simulator = await startSimulator(server);
  const client = quickClient({ url: simulator.url, ...options });
  onTestFinished(() => client.close());
  return { simulator, client, info: await client.connect(never) };
}

export async function startSimulator(
  server: Partial<SimulatedServerOptions> & { generation: ServerGeneration },
): Promise<LightRagSimulator> {
  const simulator = new LightRagSimulator(server);
  await simulator.start();
  onTestFinished(() => simulator.stop());
  return simulator;
}

export function documents(count: number, from = 0): OutgoingDocument[] {
  return Array.from({ length: count }, (_, index) => documentOf(from + index));
}

export function documentOf(number: number, revision = 1): OutgoingDocument {
  return {
    fileSource: `m${number}@ctx.md`,
    text: `Memory m${number} (revision ${revision})\nAlice met Bob.`,
  };
}
