import type { ConnectorConfig, LightRagConfig, SourceConfig } from "../config/config.ts";
import { sha256 } from "../documents/fingerprint.ts";
import { geocoderRate } from "../documents/places/nominatim-place-finder.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import { type Circuit, worstOfEachServer } from "../kernel/http/circuits.ts";
import type { RemoteService, ServiceEvents } from "../kernel/http/service-events.ts";
import { systemClock } from "../kernel/util/clock.ts";
import type { Emitter, Listenable } from "../kernel/util/event-bus.ts";
import type { Places } from "../kernel/util/places.ts";
import { closeAll } from "../kernel/util/run-together.ts";
import { embeddedPolling } from "../sinks/lightrag/embedded/settings.ts";
import { serverPolling } from "../sinks/lightrag/server/options.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { SyncEvents } from "../sync/events.ts";
import { RedactedSource } from "../sync/redacted-source.ts";
import type { ConnectorParts } from "../sync/sync-parts.ts";
import { runTiming, type SinkPolling, type SyncSettings } from "../sync/sync-settings.ts";
import { buildTransformer, filterOf, redactorOf } from "./build-transformer.ts";
import { type EnrichmentConfig, EnrichmentFactory } from "./enrichment-factory.ts";
import type { SharedLimits } from "./limits/shared-limits.ts";
import { SharedClients } from "./shared-clients.ts";
import {
  buildFolderReader,
  buildSink,
  type KnowledgeSource,
  lightRagServer,
  type Sink,
} from "./sink-factory.ts";
import { type BuiltSource, buildSource, rateOf, serverOf } from "./source-factory.ts";

/**
 * Builds the dependencies of connectors. Connectors with the same source or sink share its client, and with it rate limit, circuit
 * breaker and, in direct mode, the folder.
 */
export class ConnectorFactory {
  readonly #limits: SharedLimits;
  readonly #state: StateManager;
  readonly #events: Emitter<SyncEvents & ServiceEvents> & Listenable<SyncEvents>;
  readonly #sources: SharedClients<SourceConfig, BuiltSource>;
  readonly #sinks: SharedClients<LightRagConfig, Sink>;
  readonly #enrichments: EnrichmentFactory;

  constructor(
    state: StateManager,
    events: Emitter<SyncEvents & ServiceEvents> & Listenable<SyncEvents>,
    limits: SharedLimits,
  ) {
    this.#limits = limits;
    this.#state = state;
    this.#events = events;
    this.#enrichments = new EnrichmentFactory(state, (...asked) => limits.limiterOf(...asked));
    this.#sources = new SharedClients({
      identity: (settings) => settings,
      build: (settings) =>
        buildSource(settings, events, {
          values: state.values,
          pushed: state.pushed,
          limiterOf: (...asked) => limits.limiterOf(...asked),
        }),
    });
    this.#sinks = new SharedClients({
      identity: sinkIdentity,
      build: (settings) => buildSink(settings, events),
    });
  }

  /** Its clients stay open until `work` has ended. Makes no connection. */
  withParts<Result>(
    connector: ConnectorConfig,
    config: EnrichmentConfig,
    work: (parts: ConnectorParts) => Promise<Result>,
  ): Promise<Result> {
    return this.#sources.use(connector.source, (source) =>
      this.#sinks.use(connector.lightrag, (sink) =>
        this.#withinLimits(connector, config, (places) =>
          work({ ...this.#buildParts(connector, config, source, sink), places }),
        ),
      ),
    );
  }

  /** A folder of direct mode has one writer, which has all of its places. */
  #withinLimits<Result>(
    { source, lightrag, transformation }: ConnectorConfig,
    { geocoder }: EnrichmentConfig,
    work: (places: Places | undefined) => Promise<Result>,
  ): Promise<Result> {
    const named = (places?: Places) =>
      transformation.geocoding && geocoder.provider === "nominatim"
        ? this.#limits.withRate(geocoder.url, geocoderRate(geocoder), () => work(places))
        : work(places);
    const rated = (places?: Places) =>
      "requestsPerSecond" in source
        ? this.#limits.withRate(source.url, rateOf(source), () => named(places))
        : named(places);
    if (lightrag.mode === "direct") return rated();
    const { url, maxInFlight } = lightrag.api;
    return this.#limits.withPlaces(url, maxInFlight, rated);
  }

  /** The client of a LightRAG, shared by equal settings; open until `work` has ended. */
  withSink<Result>(lightrag: LightRagConfig, work: (sink: Sink) => Promise<Result>): Promise<Result> {
    return this.#sinks.use(lightrag, work);
  }

  /** For reading only: a folder of direct mode is opened concurrently with its writer, for the duration of `work`. */
  async withReader<Result>(
    lightrag: LightRagConfig,
    work: (source: KnowledgeSource) => Promise<Result>,
  ): Promise<Result> {
    if (lightrag.mode === "api") return this.withSink(lightrag, work);
    const reader = await buildFolderReader(lightrag.direct);
    return work(reader).finally(() => reader.close());
  }

  /** To be called after a configuration change: closes unreferenced clients as soon as they are idle. */
  async keepOnly(connectors: readonly ConnectorConfig[], lightrag: LightRagConfig): Promise<void> {
    await this.#sources.keepOnly(connectors.map(({ source }) => source));
    await this.#sinks.keepOnly([lightrag, ...connectors.map((connector) => connector.lightrag)]);
  }

  /** The circuits to the servers; a folder has none. */
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

  /** Closes all clients. */
  async close(): Promise<void> {
    await closeAll([this.#sources, this.#sinks, this.#enrichments]);
  }

  #buildParts(
    connector: ConnectorConfig,
    config: EnrichmentConfig,
    open: MemorySource,
    sink: Sink,
  ): ConnectorParts {
    const redactor = redactorOf(connector.ingestion);
    const source = redactor === null ? open : new RedactedSource(open, redactor, filterOf(connector));
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

/**
 * The identity by which LightRAG clients are shared. A folder has one writer, so settings that differ only in pace must share it.
 */
function sinkIdentity(lightrag: LightRagConfig): unknown {
  if (lightrag.mode === "api") return lightrag;
  const { workingDir, llm, embedding } = lightrag.direct;
  return { workingDir, llm, embedding };
}

/** The run settings of a connector, from its configuration. */
function runSettings(connector: ConnectorConfig): SyncSettings {
  const { ingestion, lightrag } = connector;
  const { initialBackoffMs, ...timing } = runTiming;
  return {
    ...sinkPolling(lightrag),
    ...timing,
    connectorId: connector.id,
    contextIds: connector.contextIds,
    queryRange: ingestion.queryRange,
    fullLookMs: ingestion.fullLookMs,
    wanted: wantedOf(ingestion),
    queryLimit: ingestion.queryLimit,
    concurrency: ingestion.batchSize,
    maxInFlight: lightrag.mode === "api" ? lightrag.api.maxInFlight : lightrag.direct.maxInFlight,
    retry: { ...connector.retry, initialBackoffMs },
    maxResendPercent: ingestion.maxResendPercent,
    deletions: connector.deletions,
    budget: connector.budget,
    mergeQuietMs: connector.mergeQuietMs,
    mergeDocumentCharacters: documentLimit(connector),
    backfillPerRun: ingestion.backfillPerRun,
    timezone: connector.timezone,
    runTimeoutMs: connector.runTimeoutMs,
  };
}

/** A shared document takes at most half of what a day's budget allows, so that it goes through beside others; a token has a character at least. */
function documentLimit({ mergeDocumentCharacters, budget }: ConnectorConfig): number {
  const ofDay = Math.min(
    budget.characters ?? Number.POSITIVE_INFINITY,
    budget.tokens ?? Number.POSITIVE_INFINITY,
  );
  return Math.min(mergeDocumentCharacters, Math.floor(ofDay / 2));
}

function wantedOf({ filter, redact }: ConnectorConfig["ingestion"]): string {
  return filter === null && redact === null ? "" : sha256(JSON.stringify([filter, redact]));
}

function sinkPolling(lightrag: LightRagConfig): SinkPolling {
  if (lightrag.mode === "direct") return embeddedPolling;
  const { stuckAfterMs, pollIntervalMs } = lightrag.api;
  return { ...serverPolling, stuckAfterMs, slowestPollMs: pollIntervalMs };
}
