import type { ConnectorConfig, LightRagConfig } from "./config/config.ts";
import { MemoryApiClient } from "./memory/api/memory-api-client.ts";
import type { MemorySource } from "./memory/memory-source.ts";
import type { ServiceEvents } from "./observe/service-events.ts";
import { attemptTeller, tellCircuit } from "./observe/tell-connections.ts";
import { buildSink, type Sink } from "./sink-builder.ts";
import type { StateManager } from "./state/state-manager.ts";
import type { SyncEvents } from "./sync/events.ts";
import type { SyncParts } from "./sync/run-context.ts";
import type { SyncSettings } from "./sync/sync-settings.ts";
import { MemoryTransformer } from "./transform/memory-transformer.ts";
import { createStrategy } from "./transform/registry.ts";
import { systemClock } from "./util/clock.ts";
import { closeAll } from "./util/close-all.ts";
import type { Emitter } from "./util/event-bus.ts";

/** What a run of a connector works with. */
export interface ConnectorParts extends SyncParts {
  settings: SyncSettings;
}

/**
 * Builds what connectors work with. Those that name the same source or sink share its client, and with it the rate limit, the breaker
 * and, in direct mode, the folder.
 */
export class PartsBuilder {
  private readonly state: StateManager;
  private readonly events: Emitter<SyncEvents & ServiceEvents>;
  private readonly sources = new Map<string, MemorySource>();
  private readonly sinks = new Map<string, Promise<Sink>>();

  constructor(state: StateManager, events: Emitter<SyncEvents & ServiceEvents>) {
    this.state = state;
    this.events = events;
  }

  /** Nothing is contacted. */
  async partsOf(connector: ConnectorConfig): Promise<ConnectorParts> {
    return {
      source: shared(this.sources, connector.memoryApi, () => buildSource(connector, this.events)),
      sink: await this.sinkOf(connector.lightrag),
      transformer: buildTransformer(connector),
      state: this.state,
      clock: systemClock,
      events: this.events,
      random: Math.random,
      settings: syncSettings(connector),
    };
  }

  /** The client of a LightRAG; the same one for the same settings. */
  sinkOf(lightrag: LightRagConfig): Promise<Sink> {
    return shared(this.sinks, sinkIdentity(lightrag), () => buildSink(lightrag, this.events));
  }

  /** Closes the clients that were built. */
  async close(): Promise<void> {
    const sinks = await Promise.allSettled(this.sinks.values());
    const built = sinks.flatMap((sink) => (sink.status === "fulfilled" ? [sink.value] : []));
    await closeAll([...this.sources.values(), ...built]);
  }
}

/** What makes two clients of LightRAG the same one. A folder has one writer, so two that differ only in pace have to share it. */
function sinkIdentity(lightrag: LightRagConfig): unknown {
  if (lightrag.mode === "api") return lightrag;
  const { workingDir, llm, embedding } = lightrag.direct;
  return { workingDir, llm, embedding };
}

function shared<Part>(parts: Map<string, Part>, settings: unknown, build: () => Part): Part {
  const key = JSON.stringify(settings);
  const part = parts.get(key) ?? build();
  parts.set(key, part);
  return part;
}

function buildSource({ memoryApi }: ConnectorConfig, events: Emitter<ServiceEvents>): MemorySource {
  const source = new MemoryApiClient({
    url: memoryApi.url,
    apiKey: memoryApi.apiKey ?? "",
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
    onAttempt: attemptTeller(events, "memory_api", memoryApi.url),
  });
  source.onCircuitChange(tellCircuit(events, "memory_api", memoryApi.url));
  return source;
}

function buildTransformer({ transformation, ingestion }: ConnectorConfig): MemoryTransformer {
  return new MemoryTransformer(
    createStrategy(transformation.strategy, { template: transformation.template ?? undefined }),
    {
      skipEmptyTranscripts: ingestion.skipEmptyTranscripts,
    },
  );
}

const initialBackoffMs = 1_000;
const graceMs = 30_000;
const modelPauseMs = 30_000;
const maxModelPauses = 5;

function syncSettings(connector: ConnectorConfig): SyncSettings {
  const { ingestion, lightrag } = connector;
  return {
    connectorId: connector.id,
    contextIds: connector.contextIds,
    queryRange: ingestion.queryRange,
    queryLimit: ingestion.queryLimit,
    concurrency: ingestion.batchSize,
    maxInFlight: lightrag.mode === "api" ? lightrag.api.maxInFlight : lightrag.direct.maxInFlight,
    retry: { ...connector.retry, initialBackoffMs },
    stuckAfterMs: lightrag.mode === "api" ? lightrag.api.stuckAfterMs : Number.POSITIVE_INFINITY,
    slowestLookMs: lightrag.mode === "api" ? lightrag.api.pollIntervalMs : 500,
    graceMs,
    modelPauseMs,
    maxModelPauses,
    runTimeoutMs: connector.runTimeoutMs,
  };
}
