import { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import type { LightRagApiOptions, LightRagTiming } from "../../src/sinks/lightrag/server/options.ts";

/** Waits that suit a server on loopback. */
export const quickTiming: Partial<LightRagTiming> = {
  attemptTimeoutMs: 10_000,
  retry: { maxRetries: 3, baseMs: 20, multiplier: 2, capMs: 200 },
  pollMs: 30,
  settleMs: 1_000,
  removeMs: 60_000,
};

export function quickClient(options: LightRagApiOptions): LightRagApiClient {
  return new LightRagApiClient({ ...options, timing: { ...quickTiming, ...options.timing } });
}
