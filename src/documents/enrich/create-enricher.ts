import { factsOf, type Memory, withFacts } from "../../domain/memory.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { languageOf } from "../../kernel/language/language-of.ts";
import { spokenText } from "../content.ts";
import type { PlaceFinder } from "../places/place-finder.ts";
import { timeZoneAt } from "../places/time-zone-at.ts";
import type { Redactor } from "../redact/redactor.ts";
import { showsFacts } from "../registry.ts";
import { storableText } from "../storable-text.ts";
import { readTextFacts } from "../text/text-facts.ts";
import { chainEnrichers, type MemoryEnricher } from "./memory-enricher.ts";
import type { UsualLanguage } from "./usual-language.ts";

interface PlaceEnricherOptions {
  /** Null: places are not named. The time zone still is that of the place. */
  finder: PlaceFinder | null;
  /** For memories without a place. */
  timeZone: string | null;
  /** Called with the reason why a place has only a fallback name. */
  report: (error: ConnectorError) => void;
}

/** Finds out where a memory was recorded, and in which time zone. */
class PlaceEnricher implements MemoryEnricher {
  readonly #options: PlaceEnricherOptions;

  constructor(options: PlaceEnricherOptions) {
    this.#options = options;
  }

  async enrich(_contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    const { location } = memory;
    const { finder, timeZone, report } = this.#options;
    if (location === null) return withFacts(memory, { timeZone });
    const found = await finder?.find(location, signal);
    if (found?.failure !== undefined) report(found.failure);
    return withFacts(memory, {
      place: found?.place ?? null,
      timeZone: (await timeZoneAt(location)) ?? timeZone,
      provisional: factsOf(memory).provisional || found?.settled === false,
    });
  }
}

/** Finds tags, people and links in the spoken text. What the source says of its language goes before what is usual. */
class TextEnricher implements MemoryEnricher {
  readonly #language: string | null;
  readonly #usual: LearntLanguage | null;

  constructor(language: string | null, usual: LearntLanguage | null) {
    this.#language = language;
    this.#usual = usual;
  }

  async enrich(_contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    const text = storableText(spokenText(memory));
    const told = memory.language ?? this.#language;
    const expected = told ?? (await this.#usual?.find()) ?? undefined;
    const facts = await readTextFacts(text, signal, expected);
    if (told === null) await this.#usual?.learn?.(text, await languageOf(text));
    return withFacts(memory, facts);
  }
}

/** Takes words out of what was found out so far. */
class RedactionEnricher implements MemoryEnricher {
  readonly #redactor: Pick<Redactor, "memory">;

  constructor(redactor: Pick<Redactor, "memory">) {
    this.#redactor = redactor;
  }

  async enrich(_contextId: string, memory: Memory): Promise<Memory> {
    return this.#redactor.memory(memory);
  }
}

/** The settings of a connector that concern facts. */
export interface EnrichmentSettings {
  strategy: string;
  /** Name places. */
  geocoding: boolean;
  /** Find tags, people and links. */
  extractTags: boolean;
  /** IANA name; for memories without a place. Null: UTC. */
  timeZone: string | null;
  /** What most memories are in, BCP 47, as somebody said. Default: learnt from the memories. */
  language?: string | null;
}

type LearntLanguage = Pick<UsualLanguage, "find"> & Partial<Pick<UsualLanguage, "learn">>;

/** Parts that are expensive to create; connectors share them. */
export interface EnrichmentParts {
  placeFinder: PlaceFinder;
  /** Reads audio and pictures; null when the connector wants neither. */
  media: MemoryEnricher | null;
  /** Takes words out of what was found out. Default: none. */
  redactor?: Pick<Redactor, "memory"> | null;
  /** What the connector's memories are in; learns as well where it can. Default: nothing is known. */
  usualLanguage?: LearntLanguage | null;
  /** Called for places that could not be resolved. */
  report: (error: ConnectorError) => void;
}

/**
 * Creates the enricher of a connector. It finds out only what the strategy will show. Media come first, because their text has tags too.
 */
export function createEnricher(settings: EnrichmentSettings, parts: EnrichmentParts): MemoryEnricher {
  const redaction = parts.redactor == null ? [] : [new RedactionEnricher(parts.redactor)];
  const media = parts.media === null ? [] : [parts.media, ...redaction];
  if (!showsFacts(settings.strategy)) return chainEnrichers(media);
  const finder = settings.geocoding ? parts.placeFinder : null;
  const place = new PlaceEnricher({ finder, timeZone: settings.timeZone, report: parts.report });
  const text = settings.extractTags
    ? [new TextEnricher(settings.language ?? null, parts.usualLanguage ?? null)]
    : [];
  // People and tags are found in a text from which words have been taken out, so that no part of such a word is one.
  return chainEnrichers([...media, place, ...text, ...redaction]);
}
