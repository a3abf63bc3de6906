import type { Config, ConnectorConfig } from "../config/config.ts";
import { createEnricher } from "../documents/enrich/create-enricher.ts";
import type { Enrichment } from "../documents/enrich/memory-enricher.ts";
import { UsualLanguage } from "../documents/enrich/usual-language.ts";
import { createReaders } from "../documents/media/create-readers.ts";
import {
  createMediaEnricher,
  createPlannedMediaEnricher,
  isToBeRead,
} from "../documents/media/media-enricher.ts";
import { forgetMedia } from "../documents/media/media-keys.ts";
import { ReadingBudget } from "../documents/media/reading-budget.ts";
import { createPlaceFinder } from "../documents/places/create-place-finder.ts";
import { OfflinePlaceFinder } from "../documents/places/offline-place-finder.ts";
import { sourceHasher } from "../documents/source-hash.ts";
import type { LimiterOf } from "../kernel/http/token-bucket.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { closeAll } from "../kernel/util/run-together.ts";
import { MemoryValueCache, type ValueCache } from "../kernel/util/value-cache.ts";
import type { MediaKind, MemorySource } from "../sources/memory-source.ts";
import type { StateManager } from "../state/state-manager.ts";
import { redactorOf } from "./build-transformer.ts";

/** The blocks of a configuration that select services and models. */
export type EnrichmentConfig = Pick<Config, "geocoder" | "media" | "advanced">;

/**
 * Builds the enrichment of memories. Connectors share the geocoder with its rate limit, the gazetteer, and the endpoints that read media.
 */
export class EnrichmentFactory {
  readonly #state: Pick<StateManager, "values" | "unreadMedia">;
  /** The cache where results are not to be persisted. */
  readonly #passing = new MemoryValueCache();
  readonly #limiterOf: LimiterOf | undefined;
  readonly #offline = new OfflinePlaceFinder();
  readonly #finders = new Map<string, ReturnType<typeof createPlaceFinder>>();
  readonly #readers = new Map<string, ReturnType<typeof createReaders>>();

  /** `state` persists results. `limiterOf`: what limits requests to a geocoder; left out, each finder limits its own. */
  constructor(state: Pick<StateManager, "values" | "unreadMedia">, limiterOf?: LimiterOf) {
    this.#state = state;
    this.#limiterOf = limiterOf;
  }

  /** Makes no connection and reads no data. `source` is the connector's own. */
  enrichmentOf(connector: ConnectorConfig, config: EnrichmentConfig, source: MemorySource): Enrichment {
    const { transformation, timezone, ingestion } = connector;
    const { finder } = this.#finderOf(config);
    const { language, ...others } = transformation;
    // Left out where nobody said it: the hashes of such connectors stay.
    const settings = { ...others, timeZone: timezone, ...(language !== null && { language }) };
    const usualLanguage = new UsualLanguage(this.#cacheOf(config), connector.id);
    const redactor = redactorOf(ingestion);
    const readings = {
      ...this.#mediaReadersOf(connector, config, source),
      sourceName: connector.source.name,
      connectorId: connector.id,
      cache: this.#cacheOf(config),
      clock: systemClock,
    };
    return {
      sourceHash: sourceHasher({
        ...settings,
        skipEmptyTranscripts: ingestion.skipEmptyTranscripts,
        // Left out where there is none: the hashes of connectors without a filter stay.
        ...(ingestion.filter !== null && { filter: ingestion.filter }),
        ...(ingestion.redact !== null && { redact: ingestion.redact }),
        geocoder: transformation.geocoding ? finder.identity : null,
      }),
      forRun: (report, { force, documentsLeft } = { force: false }) => {
        const media = createMediaEnricher(config.media, {
          ...readings,
          source,
          unread: this.#state.unreadMedia,
          maxAttempts: connector.retry.maxAttempts,
          force,
          documentsLeft,
          report,
        });
        return createEnricher(settings, { placeFinder: finder, media, redactor, usualLanguage, report });
      },
      mediaOf: (memory) => {
        const { transcriber, describer } = readings;
        return [transcriber, describer].filter((reader) => reader !== null && isToBeRead(reader.kind, memory))
          .length;
      },
      // A plan counts the documents itself.
      mediaLeft: () =>
        new ReadingBudget(config.media.limits, { ...readings, documentsLeft: async () => 0 }).left(),
      forget: async (contextId, memoryId) => {
        const owner = { connectorId: connector.id, contextId, memoryId };
        const kinds = ["audio", "image"] as const;
        await this.#state.unreadMedia.remove(kinds.map((kind) => ({ ...owner, kind })));
        return forgetMedia(this.#state.values, { sourceName: connector.source.name, contextId, memoryId });
      },
      forPlan: () =>
        createEnricher(settings, {
          placeFinder: this.#offline,
          media: createPlannedMediaEnricher(config.media, readings),
          redactor,
          usualLanguage: { find: () => usualLanguage.find() },
          report: () => undefined,
        }),
    };
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return closeAll([...this.#finders.values(), ...this.#readers.values()]);
  }

  #finderOf(config: EnrichmentConfig) {
    const { geocoder, advanced } = config;
    const fallbackTtlMs = advanced.cache.ttlMs;
    return shared(this.#finders, { geocoder, cache: advanced.cache }, () =>
      createPlaceFinder(geocoder, {
        offline: this.#offline,
        cache: this.#cacheOf(config),
        fallbackTtlMs,
        clock: systemClock,
        random: Math.random,
        limiterOf: this.#limiterOf,
      }),
    );
  }

  #mediaReadersOf(
    { transformation }: ConnectorConfig,
    { media }: EnrichmentConfig,
    { capabilities }: Pick<MemorySource, "capabilities">,
  ) {
    const { includeAudio, includeImage } = transformation;
    const has = (kind: MediaKind) => capabilities.media.includes(kind);
    const readers = shared(this.#readers, media, () => createReaders(media));
    return {
      transcriber: includeAudio && has("audio") ? readers.transcriber : null,
      describer: includeImage && has("image") ? readers.describer : null,
    };
  }

  #cacheOf({ advanced }: EnrichmentConfig): ValueCache {
    return advanced.cache.enabled ? this.#state.values : this.#passing;
  }
}

/** The part for these settings: built on first use, shared by equal settings. */
function shared<Part>(parts: Map<string, Part>, settings: unknown, build: () => Part): Part {
  const key = JSON.stringify(settings);
  const part = parts.get(key) ?? build();
  parts.set(key, part);
  return part;
}
