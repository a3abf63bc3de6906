import { ConnectorError } from "../errors/connector-error.ts";
import type { Memory } from "../memory/memory.ts";
import type { ImageReading } from "../memory/memory-facts.ts";
import type { MemoryEnricher } from "../transform/enrich/memory-enricher.ts";
import { factsOf, withFacts } from "../transform/facts.ts";
import type { CacheValue } from "../util/value-cache.ts";
import type { MediaLibrary } from "./media-library.ts";

export interface MediaEnricherParts {
  /** Null: audio is left alone. */
  audio: MediaLibrary<string> | null;
  /** Null: pictures are left alone. */
  image: MediaLibrary<ImageReading> | null;
  /**
   * When a medium cannot be read now: `wait` holds the memory back until it can, `continue` writes the document without
   * it; a later run writes it again with it.
   */
  onFailure: "wait" | "continue";
  /** Hears why. */
  report: (error: ConnectorError) => void;
}

/** Where a medium stands: not asked for, read, not readable for whatever reason, or not readable at the moment. */
type Outcome = "unwanted" | "read" | "unreadable" | "later";

interface Attempt<Reading> {
  outcome: Outcome;
  reading: Reading | null;
}

/** Reads the audio of memories without a transcript, and their pictures. */
export class MediaEnricher implements MemoryEnricher {
  readonly #parts: MediaEnricherParts;
  /** One refusal may stand for many media. */
  readonly #told = new WeakSet<ConnectorError>();

  constructor(parts: MediaEnricherParts) {
    this.#parts = parts;
  }

  async enrich(contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    const { audio, image, onFailure } = this.#parts;
    const silent = memory.transcript.trim() === "";
    const [spoken, shown] = await Promise.all([
      this.#attempt(memory.audio && silent ? audio : null, contextId, memory, signal),
      this.#attempt(memory.image ? image : null, contextId, memory, signal),
    ]);
    const outcomes = [spoken.outcome, shown.outcome];
    const later = outcomes.includes("later");
    return withFacts(memory, {
      transcription: spoken.reading,
      image: shown.reading,
      pendingMedia: later && onFailure === "wait",
      provisional: factsOf(memory).provisional || later || outcomes.includes("unreadable"),
    });
  }

  async #attempt<Reading extends CacheValue>(
    library: MediaLibrary<Reading> | null,
    contextId: string,
    memory: Memory,
    signal: AbortSignal,
  ): Promise<Attempt<Reading>> {
    if (library === null) return { outcome: "unwanted", reading: null };
    try {
      const reading = await library.read(contextId, memory, signal);
      return { outcome: reading === null ? "unreadable" : "read", reading };
    } catch (error) {
      if (signal.aborted || !(error instanceof ConnectorError)) throw error;
      this.#tell(error);
      return { outcome: "later", reading: null };
    }
  }

  #tell(error: ConnectorError): void {
    if (this.#told.has(error)) return;
    this.#told.add(error);
    this.#parts.report(error);
  }
}
