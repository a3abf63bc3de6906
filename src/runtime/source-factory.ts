import type { MemoryApiConfig } from "../config/config.ts";
import type { ServiceEvents } from "../kernel/http/service-events.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import { attemptTeller, tellCircuit } from "../observe/tell-connections.ts";
import { MemoryApiClient } from "../sources/memory-api/memory-api-client.ts";

/** Nothing is contacted. */
export function buildSource(memoryApi: MemoryApiConfig, events: Emitter<ServiceEvents>): MemoryApiClient {
  const source = new MemoryApiClient({
    url: memoryApi.url,
    apiKey: memoryApi.apiKey ?? "",
    ca: memoryApi.ca ?? undefined,
    timeoutMs: memoryApi.timeoutMs,
    maxRetries: memoryApi.maxRetries,
    retryBackoff: memoryApi.retryBackoff,
    rateLimit: {
      perSecond: memoryApi.requestsPerSecond,
      burst: Math.max(1, Math.ceil(memoryApi.requestsPerSecond)),
    },
    breakerThreshold: memoryApi.circuitBreaker.failures,
    breakerOpenMs: memoryApi.circuitBreaker.cooldownMs,
    maxLimit: memoryApi.maxLimit,
    serverCap: memoryApi.serverCap,
    paging: memoryApi.paging,
    charset: memoryApi.charset,
    maxItemBytes: memoryApi.maxItemBytes,
    onAttempt: attemptTeller(events, "memory_api", memoryApi.url),
  });
  source.onCircuitChange(tellCircuit(events, "memory_api", memoryApi.url));
  return source;
}
