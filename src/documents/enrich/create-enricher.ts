import { type Memory, withFacts } from "../../domain/memory.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { spokenText } from "../content.ts";
import type { PlaceFinder } from "../places/place-finder.ts";
import { showsFacts } from "../registry.ts";
import { storableText } from "../storable-text.ts";
import { readTextFacts } from "../text/text-facts.ts";
import { chainEnrichers, type MemoryEnricher } from "./memory-enricher.ts";
import { PlaceEnricher } from "./place-enricher.ts";

/** Finds tags, people and links in what was said. */
class TextEnricher implements MemoryEnricher {
  async enrich(_contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    return withFacts(memory, await readTextFacts(storableText(spokenText(memory)), signal));
  }
}

/** What a connector's configuration says about facts. */
export interface EnrichmentSettings {
  strategy: string;
  /** Name places. */
  geocoding: boolean;
  /** Find tags, people and links. */
  extractTags: boolean;
  /** IANA name; for memories without a place. Null: UTC. */
  timeZone: string | null;
}

/** Parts that cost something to make; connectors share them. */
export interface EnrichmentParts {
  placeFinder: PlaceFinder;
  /** Reads audio and pictures; null when the connector wants neither. */
  media: MemoryEnricher | null;
  /** Called for places that could not be resolved. */
  report: (error: ConnectorError) => void;
}

/**
 * What to find out about a connector's memories, and no more than its strategy will show. Media come first, because what they
 * say has tags too.
 */
export function createEnricher(settings: EnrichmentSettings, parts: EnrichmentParts): MemoryEnricher {
  const media = parts.media === null ? [] : [parts.media];
  if (!showsFacts(settings.strategy)) return chainEnrichers(media);
  const finder = settings.geocoding ? parts.placeFinder : null;
  const place = new PlaceEnricher({ finder, timeZone: settings.timeZone, report: parts.report });
  const text = settings.extractTags ? [new TextEnricher()] : [];
  return chainEnrichers([...media, place, ...text]);
}
