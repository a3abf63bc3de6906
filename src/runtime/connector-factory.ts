import type { ConnectorConfig, LightRagConfig, SourceConfig } from "../config/config.ts";
import { MemoryTransformer } from "../documents/memory-transformer.ts";
import { createStrategy } from "../documents/registry.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import { type Circuit, worstOfEachServer } from "../kernel/http/circuits.ts";
import type { RemoteService, ServiceEvents } from "../kernel/http/service-events.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { closeAll } from "../kernel/util/close-all.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { SyncEvents } from "../sync/events.ts";
import type { ConnectorParts } from "../sync/sync-parts.ts";
import { type EnrichmentConfig, EnrichmentFactory } from "./enrichment-factory.ts";
import { runSettings } from "./run-settings.ts";
import { SharedClients } from "./shared-clients.ts";
import {
  buildFolderReader,
  buildSink,
  type KnowledgeSource,
  lightRagServer,
  type Sink,
} from "./sink-factory.ts";
import { type BuiltSource, buildSource, serverOf } from "./source-factory.ts";

/**
 * Builds what connectors work with. Those that name the same source or sink share its client, and with it the rate limit, the breaker
 * and, in direct mode, the folder.
 */
export class ConnectorFactory {
  readonly #state: StateManager;
  readonly #events: Emitter<SyncEvents & ServiceEvents>;
  readonly #sources: SharedClients<SourceConfig, BuiltSource>;
  readonly #sinks: SharedClients<LightRagConfig, Sink>;
  readonly #enrichments: EnrichmentFactory;

  constructor(state: StateManager, events: Emitter<SyncEvents & ServiceEvents>) {
    this.#state = state;
    this.#events = events;
    this.#enrichments = new EnrichmentFactory(state);
    this.#sources = new SharedClients({
      identity: (settings) => settings,
      build: async (settings) => buildSource(settings, events),
    });
    this.#sinks = new SharedClients({
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
    return this.#sources.use(connector.source, (source) =>
      this.#sinks.use(connector.lightrag, (sink) => work(this.#partsOf(connector, config, source, sink))),
    );
  }

  /** The client of a LightRAG, the same one for the same settings; open until `work` has ended. */
  withSink<Result>(lightrag: LightRagConfig, work: (sink: Sink) => Promise<Result>): Promise<Result> {
    return this.#sinks.use(lightrag, work);
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
    await this.#sources.keepOnly(connectors.map(({ source }) => source));
    await this.#sinks.keepOnly([lightrag, ...connectors.map((connector) => connector.lightrag)]);
  }

  /** How the circuits before the servers are; a folder has none. */
  circuits(): Circuit[] {
    const sources = this.#sources.list().flatMap(({ settings, client: { circuit } }) => {
      const { server } = settings;
      return server === null || circuit === undefined ? [] : [circuitOf(serverOf(settings), server, circuit)];
    });
    const sinks = this.#sinks.list().flatMap(({ settings, client: { circuit } }) => {
      const isServer = settings.mode === "api" && circuit !== undefined;
      return isServer ? [circuitOf(lightRagServer, settings.api.url, circuit)] : [];
    });
    return worstOfEachServer([...sources, ...sinks]);
  }

  /** Closes the clients that were built. */
  async close(): Promise<void> {
    await closeAll([this.#sources, this.#sinks, this.#enrichments]);
  }

  #partsOf(
    connector: ConnectorConfig,
    config: EnrichmentConfig,
    source: MemorySource,
    sink: Sink,
  ): ConnectorParts {
    return {
      source,
      enrichment: this.#enrichments.enrichmentOf(connector, config, source),
      sink,
      transformer: buildTransformer(connector),
      state: this.#state,
      clock: systemClock,
      events: this.#events,
      random: Math.random,
      settings: runSettings(connector),
    };
  }
}

function circuitOf(service: RemoteService, url: string, snapshot: CircuitSnapshot): Circuit {
  return { ...service, server: new URL(url).origin, snapshot };
}

/** What makes two clients of LightRAG the same one. A folder has one writer, so two that differ only in pace have to share it. */
function sinkIdentity(lightrag: LightRagConfig): unknown {
  if (lightrag.mode === "api") return lightrag;
  const { workingDir, llm, embedding } = lightrag.direct;
  return { workingDir, llm, embedding };
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
