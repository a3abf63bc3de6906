import { factsOf, type Memory, withFacts } from "../../domain/memory.ts";
import type { ImageReading, MemoryFacts } from "../../domain/memory-facts.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { UnreadMedium, UnreadMediumStore } from "../../kernel/util/unread-medium.ts";
import type { CacheValue, ValueCache } from "../../kernel/util/value-cache.ts";
import type { MediaKind, MemorySource } from "../../sources/memory-source.ts";
import type { MemoryEnricher } from "../enrich/memory-enricher.ts";
import { KeptReadings } from "./kept-readings.ts";
import { type Attempted, MediaLibrary } from "./media-library.ts";
import type { MediaReader } from "./media-reader.ts";
import { ReadingBudget, type ReadingLimits } from "./reading-budget.ts";
import { isAwaited, UnreadMedia } from "./unread-media.ts";

export interface MediaSettings {
  /** Per medium. */
  maxBytes: { audio: number; image: number };
  /** The most media of one kind that are downloaded or read at the same time. */
  maxConcurrent: number;
  /** For audio and pictures together. */
  limits: ReadingLimits;
  onFailure: "wait" | "continue";
}

interface MediaParts {
  source: Pick<MemorySource, "download" | "mediaMarks">;
  /** The source's address; distinguishes its memories from those of another source with the same ids. */
  sourceName: string;
  connectorId: string;
  /** Null: audio is not wanted. */
  transcriber: MediaReader<string> | null;
  /** Null: pictures are not wanted. */
  describer: MediaReader<ImageReading> | null;
  cache: ValueCache;
  unread: UnreadMediumStore;
  /** How often a medium may crash its model before it is a dead letter. */
  maxAttempts: number;
  clock: Clock;
  /** Retries unread media at once. */
  force: boolean;
  /** How many documents may still be sent today: for no more memories media are read. Left out: without limit. */
  documentsLeft?: (() => Promise<number>) | undefined;
  /** Called with the reason why a medium was not read. */
  report: (error: ConnectorError) => void;
}

/** Creates the media enricher of one run, with a budget of its own. Null when no media are wanted. */
export function createMediaEnricher(settings: MediaSettings, parts: MediaParts): MemoryEnricher | null {
  const { transcriber, describer, report, source, sourceName, connectorId, cache, clock } = parts;
  if (transcriber === null && describer === null) return null;
  const { documentsLeft = async () => Number.POSITIVE_INFINITY } = parts;
  const budget = new ReadingBudget(settings.limits, { cache, clock, documentsLeft });
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
    clock,
    force,
    maxLooks: settings.limits.perRun,
  };
  const { onFailure } = settings;
  const libraryOf = <Reading extends CacheValue>(reader: MediaReader<Reading> | null) => {
    if (reader === null) return null;
    const maxBytes = settings.maxBytes[reader.kind];
    return new MediaLibrary({ ...shared, reader, maxBytes, onFailure: report });
  };
  return new MediaEnricher({ audio: libraryOf(transcriber), image: libraryOf(describer), onFailure, report });
}

type PlannedMediaParts = Pick<
  MediaParts,
  "sourceName" | "connectorId" | "transcriber" | "describer" | "cache"
>;

/**
 * Creates the media enricher of a plan: it knows what has been read before, and what has not is awaited. Nothing is fetched. Null when no media
 * are wanted.
 */
export function createPlannedMediaEnricher(
  { maxBytes, onFailure }: Pick<MediaSettings, "maxBytes" | "onFailure">,
  { transcriber, describer, ...parts }: PlannedMediaParts,
): MemoryEnricher | null {
  if (transcriber === null && describer === null) return null;
  const shelfOf = <Reading extends CacheValue>(reader: MediaReader<Reading> | null) => {
    if (reader === null) return null;
    const kept = new KeptReadings({ ...parts, reader, maxBytes: maxBytes[reader.kind] });
    const read = async (contextId: string, memory: Memory) => {
      const reading = await kept.remembered(kept.keysOf(contextId, memory));
      return reading === undefined ? unread : { reading };
    };
    const revisionOf = async (contextId: string, memory: Memory) =>
      (await kept.file(kept.keysOf(contextId, memory)))?.revision ?? 0;
    return { read, revisionOf };
  };
  const report = () => undefined;
  return new MediaEnricher({ audio: shelfOf(transcriber), image: shelfOf(describer), onFailure, report });
}

const unread = { unread: true } as const;

/** Gives the text of memories' media of one kind. */
interface MediaShelf<Reading> {
  read(
    contextId: string,
    memory: Memory,
    signal: AbortSignal,
  ): Promise<Attempted<Reading> | { unread: true }>;
  revisionOf(contextId: string, memory: Memory, signal: AbortSignal): Promise<number>;
}

export interface MediaEnricherParts {
  /** Null: audio is not read. */
  audio: MediaShelf<string> | null;
  /** Null: pictures are not read. */
  image: MediaShelf<ImageReading> | null;
  /**
   * When a medium cannot be read now: `wait` holds back a memory that has no content without it, and any memory while the endpoint
   * fails; `continue` writes the document without it, and a later run writes it again with it.
   */
  onFailure: "wait" | "continue";
  /** Called with the reason. */
  report: (error: ConnectorError) => void;
}

/**
 * The outcome for a medium: not wanted, read, failed and awaited, failed and retried daily, given up, or not to be tried at the moment.
 */
type Outcome = "unwanted" | "read" | "awaited" | "late" | "givenUp" | "later";

interface Attempt<Reading> {
  outcome: Outcome;
  reading: Reading | null;
}

/** Reads the audio of memories without a transcript, and their pictures. */
export class MediaEnricher implements MemoryEnricher {
  readonly #parts: MediaEnricherParts;
  /** One refusal may concern many media. */
  readonly #reported = new WeakSet<ConnectorError>();

  constructor(parts: MediaEnricherParts) {
    this.#parts = parts;
  }

  async enrich(contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    const { audio, image, onFailure } = this.#parts;
    const silent = isSilent(memory);
    const [spoken, shown] = await Promise.all([
      this.#attempt(isWanted("audio", memory) ? audio : null, contextId, memory, signal),
      this.#attempt(isWanted("image", memory) ? image : null, contextId, memory, signal),
    ]);
    const outcomes = [spoken.outcome, shown.outcome];
    const saysNothing = silent && !outcomes.includes("read");
    const isHeld = outcomes.includes("later") || (saysNothing && outcomes.includes("awaited"));
    return withFacts(memory, {
      transcription: spoken.reading,
      image: shown.reading,
      pendingMedia: isHeld && onFailure === "wait",
      ...givenUp(spoken, shown),
      provisional: factsOf(memory).provisional || outcomes.some(isUnsettled),
    });
  }

  async revisionOf(contextId: string, memory: Memory, signal: AbortSignal): Promise<number> {
    const { audio, image } = this.#parts;
    const revisions = await Promise.all([
      isWanted("audio", memory) ? audio?.revisionOf(contextId, memory, signal) : 0,
      isWanted("image", memory) ? image?.revisionOf(contextId, memory, signal) : 0,
    ]);
    return revisions.reduce<number>((sum, revision = 0) => sum + revision, 0);
  }

  async #attempt<Reading extends CacheValue>(
    library: MediaShelf<Reading> | null,
    contextId: string,
    memory: Memory,
    signal: AbortSignal,
  ): Promise<Attempt<Reading>> {
    if (library === null) return { outcome: "unwanted", reading: null };
    try {
      const attempted = await library.read(contextId, memory, signal);
      if ("reading" in attempted) return { outcome: "read", reading: attempted.reading };
      return { outcome: "failed" in attempted ? outcomeOf(attempted.failed) : "awaited", reading: null };
    } catch (error) {
      if (signal.aborted || !(error instanceof ConnectorError)) throw error;
      this.#reportOnce(error);
      return { outcome: "later", reading: null };
    }
  }

  #reportOnce(error: ConnectorError): void {
    if (this.#reported.has(error)) return;
    this.#reported.add(error);
    this.#parts.report(error);
  }
}

/** Whether a memory's medium of this kind is to be read: its picture, and its audio where nothing tells what is said in it. */
function isWanted(kind: MediaKind, memory: Memory): boolean {
  return kind === "image" ? memory.image : memory.audio && isSilent(memory);
}

/** Whether a memory that was enriched lacks the text of its medium of this kind. */
export function isToBeRead(kind: MediaKind, memory: Memory): boolean {
  const { transcription, image } = factsOf(memory);
  return isWanted(kind, memory) && (kind === "image" ? image : transcription) === null;
}

function isSilent({ transcript }: Memory): boolean {
  return transcript.trim() === "";
}

function outcomeOf(failed: UnreadMedium): Outcome {
  if (failed.standing !== "waiting") return "givenUp";
  return isAwaited(failed) ? "awaited" : "late";
}

/** The document names the media whose content it lacks. */
function givenUp(spoken: Attempt<string>, shown: Attempt<ImageReading>): Pick<MemoryFacts, "unreadable"> {
  const unreadable = [
    ...(spoken.outcome === "givenUp" ? (["audio"] as const) : []),
    ...(shown.outcome === "givenUp" ? (["image"] as const) : []),
  ];
  return unreadable.length === 0 ? {} : { unreadable };
}

/** A later run may have another outcome. */
function isUnsettled(outcome: Outcome): boolean {
  return outcome !== "unwanted" && outcome !== "read";
}
