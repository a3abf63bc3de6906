import type { ConnectorConfig, LightRagConfig, MemoryApiConfig } from "./config/config.ts";
import { EnrichmentBuilder, type EnrichmentConfig } from "./enrichment-builder.ts";
import type { CircuitSnapshot } from "./kernel/http/circuit-breaker.ts";
import { type Circuit, worstOfEachServer } from "./kernel/http/circuits.ts";
import type { RemoteService, ServiceEvents } from "./kernel/http/service-events.ts";
import { systemClock } from "./kernel/util/clock.ts";
import { closeAll } from "./kernel/util/close-all.ts";
import type { Emitter } from "./kernel/util/event-bus.ts";
import { attemptTeller, tellCircuit } from "./observe/tell-connections.ts";
import { SharedClients } from "./shared-clients.ts";
import { buildFolderReader, buildSink, type KnowledgeSource, type Sink } from "./sink-builder.ts";
import { MemoryApiClient } from "./sources/memory-api/memory-api-client.ts";
import type { MemorySource } from "./sources/memory-source.ts";
import type { StateManager } from "./state/state-manager.ts";
import type { SyncEvents } from "./sync/events.ts";
import type { ConnectorParts } from "./sync/run-context.ts";
import type { SyncSettings } from "./sync/sync-settings.ts";
import { MemoryTransformer } from "./transform/memory-transformer.ts";
import { createStrategy } from "./transform/registry.ts";

/**
 * Builds what connectors work with. Those that name the same source or sink share its client, and with it the rate limit, the breaker
 * and, in direct mode, the folder.
 */
export class PartsBuilder {
  private readonly state: StateManager;
  private readonly events: Emitter<SyncEvents & ServiceEvents>;
  private readonly sources: SharedClients<MemoryApiConfig, MemoryApiClient>;
  private readonly sinks: SharedClients<LightRagConfig, Sink>;
  private readonly enrichments: EnrichmentBuilder;

  constructor(state: StateManager, events: Emitter<SyncEvents & ServiceEvents>) {
    this.state = state;
    this.events = events;
    this.enrichments = new EnrichmentBuilder(state);
    this.sources = new SharedClients({
      identity: (settings) => settings,
      build: async (settings) => buildSource(settings, events),
    });
    this.sinks = new SharedClients({
      identity: sinkIdentity,
      build: (settings) => buildSink(settings, events),
    });
  }

  /** Its clients stay open until `work` has ended. Nothing is contacted here. */
  withParts<Result>(
    connector: ConnectorConfig,
    config: EnrichmentConfig,
    work: (parts: ConnectorParts) => Promise<Result>,
  ): Promise<Result> {
    return this.sources.use(connector.memoryApi, (source) =>
      this.sinks.use(connector.lightrag, (sink) => work(this.partsOf(connector, config, source, sink))),
    );
  }

  /** The client of a LightRAG, the same one for the same settings; open until `work` has ended. */
  withSink<Result>(lightrag: LightRagConfig, work: (sink: Sink) => Promise<Result>): Promise<Result> {
    return this.sinks.use(lightrag, work);
  }

  /** For those who only read: a folder of direct mode is opened beside its writer, for as long as `work` takes. */
  async withReader<Result>(
    lightrag: LightRagConfig,
    work: (source: KnowledgeSource) => Promise<Result>,
  ): Promise<Result> {
    if (lightrag.mode === "api") return this.withSink(lightrag, work);
    const reader = await buildFolderReader(lightrag.direct);
    return work(reader).finally(() => reader.close());
  }

  /** The configuration has changed: clients that nobody names any more are closed as soon as nobody uses them. */
  async keepOnly(connectors: readonly ConnectorConfig[], lightrag: LightRagConfig): Promise<void> {
    await this.sources.keepOnly(connectors.map(({ memoryApi }) => memoryApi));
    await this.sinks.keepOnly([lightrag, ...connectors.map((connector) => connector.lightrag)]);
  }

  /** How the circuits before the servers are; a folder has none. */
  circuits(): Circuit[] {
    const sources = this.sources.list().map(({ settings, client }) => {
      return circuitOf("memory_api", settings, client.circuit);
    });
    const sinks = this.sinks.list().flatMap(({ settings, client: { circuit } }) => {
      const isServer = settings.mode === "api" && circuit !== undefined;
      return isServer ? [circuitOf("lightrag", settings.api, circuit)] : [];
    });
    return worstOfEachServer([...sources, ...sinks]);
  }

  /** Closes the clients that were built. */
  async close(): Promise<void> {
    await closeAll([this.sources, this.sinks, this.enrichments]);
  }

  private partsOf(
    connector: ConnectorConfig,
    config: EnrichmentConfig,
    source: MemorySource,
    sink: Sink,
  ): ConnectorParts {
    return {
      source,
      enrichment: this.enrichments.enrichmentOf(connector, config, source),
      sink,
      transformer: buildTransformer(connector),
      state: this.state,
      clock: systemClock,
      events: this.events,
      random: Math.random,
      settings: syncSettings(connector),
    };
  }
}

function circuitOf(service: RemoteService, { url }: { url: string }, snapshot: CircuitSnapshot): Circuit {
  return { service, server: new URL(url).origin, snapshot };
}

/** What makes two clients of LightRAG the same one. A folder has one writer, so two that differ only in pace have to share it. */
function sinkIdentity(lightrag: LightRagConfig): unknown {
  if (lightrag.mode === "api") return lightrag;
  const { workingDir, llm, embedding } = lightrag.direct;
  return { workingDir, llm, embedding };
}

function buildSource(memoryApi: MemoryApiConfig, events: Emitter<ServiceEvents>): MemoryApiClient {
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

function buildTransformer({ transformation, ingestion }: ConnectorConfig): MemoryTransformer {
  return new MemoryTransformer(
    createStrategy(transformation.strategy, { template: transformation.template ?? undefined }),
    {
      skipEmptyTranscripts: ingestion.skipEmptyTranscripts,
      merge: transformation.merge === "day" ? { maxCharacters: transformation.mergeMaxCharacters } : null,
    },
  );
}

const initialBackoffMs = 1_000;
const graceMs = 30_000;
/** A server is idle for a moment between an acceptance and the work on it. */
const serverQuietMs = 5_000;
/** In direct mode work begins with the acceptance: what nobody works on was left by a process that is gone. */
const folderQuietMs = 50;
const modelPauseMs = 30_000;
const maxModelPauses = 5;

function syncSettings(connector: ConnectorConfig): SyncSettings {
  const { ingestion, lightrag } = connector;
  return {
    connectorId: connector.id,
    contextIds: connector.contextIds,
    queryRange: ingestion.queryRange,
    fullLookMs: ingestion.fullLookMs,
    queryLimit: ingestion.queryLimit,
    concurrency: ingestion.batchSize,
    maxInFlight: lightrag.mode === "api" ? lightrag.api.maxInFlight : lightrag.direct.maxInFlight,
    retry: { ...connector.retry, initialBackoffMs },
    maxResendPercent: ingestion.maxResendPercent,
    deletions: connector.deletions,
    budget: connector.budget,
    backfillPerRun: ingestion.backfillPerRun,
    timezone: connector.timezone,
    stuckAfterMs: lightrag.mode === "api" ? lightrag.api.stuckAfterMs : Number.POSITIVE_INFINITY,
    slowestLookMs: lightrag.mode === "api" ? lightrag.api.pollIntervalMs : 500,
    quietMs: lightrag.mode === "api" ? serverQuietMs : folderQuietMs,
    graceMs,
    modelPauseMs,
    maxModelPauses,
    runTimeoutMs: connector.runTimeoutMs,
  };
}
