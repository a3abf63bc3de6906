import type { ImageReading } from "../../domain/memory-facts.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { UnreadMediumStore } from "../../kernel/util/unread-medium.ts";
import type { CacheValue, ValueCache } from "../../kernel/util/value-cache.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import type { MemoryEnricher } from "../enrich/memory-enricher.ts";
import { MediaEnricher } from "./media-enricher.ts";
import { MediaLibrary } from "./media-library.ts";
import type { MediaReader } from "./media-reader.ts";
import { ReadingBudget, type ReadingLimits } from "./reading-budget.ts";
import { UnreadMedia } from "./unread-media.ts";

export interface MediaSettings {
  /** Of one medium. */
  maxBytes: { audio: number; image: number };
  /** Media of one kind that are downloaded or read at the same time. */
  maxConcurrent: number;
  /** Audio and pictures together. */
  limits: ReadingLimits;
  onFailure: "wait" | "continue";
}

export interface MediaParts {
  source: Pick<MemorySource, "download">;
  /** Tells the memories of this source from those of another one that uses the same ids: its address. */
  sourceName: string;
  connectorId: string;
  /** Null: audio is not wanted. */
  transcriber: MediaReader<string> | null;
  /** Null: pictures are not wanted. */
  describer: MediaReader<ImageReading> | null;
  cache: ValueCache;
  unread: UnreadMediumStore;
  /** So often a medium may break its model before it is a dead letter. */
  maxAttempts: number;
  clock: Clock;
  /** Media that could not be read are tried again at once. */
  force: boolean;
  /** Called with the reason why a medium was not read. */
  report: (error: ConnectorError) => void;
}

/** What reads media during one run; the next run has an allowance of its own. Null when no media are wanted. */
export function createMediaEnricher(settings: MediaSettings, parts: MediaParts): MemoryEnricher | null {
  const { transcriber, describer, report, source, sourceName, connectorId, cache, clock } = parts;
  if (transcriber === null && describer === null) return null;
  const budget = new ReadingBudget(settings.limits, cache, clock);
  const { maxAttempts, force } = parts;
  const unread = new UnreadMedia({ store: parts.unread, clock, maxAttempts, force });
  const shared = {
    source,
    sourceName,
    connectorId,
    cache,
    unread,
    budget,
    maxConcurrent: settings.maxConcurrent,
  };
  const { onFailure } = settings;
  const libraryOf = <Reading extends CacheValue>(reader: MediaReader<Reading> | null) => {
    if (reader === null) return null;
    const maxBytes = settings.maxBytes[reader.kind];
    return new MediaLibrary({ ...shared, reader, maxBytes, onFailure: report });
  };
  return new MediaEnricher({ audio: libraryOf(transcriber), image: libraryOf(describer), onFailure, report });
}
