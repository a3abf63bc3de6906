import { factsOf, type Memory, withFacts } from "../../domain/memory.ts";
import type { ImageReading, MemoryFacts } from "../../domain/memory-facts.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { MemoryEnricher } from "../enrich/memory-enricher.ts";
import type { MediaLibrary } from "./media-library.ts";
import { isAwaited } from "./unread-media.ts";

export interface MediaEnricherParts {
  /** Null: audio is not read. */
  audio: MediaLibrary<string> | null;
  /** Null: pictures are not read. */
  image: MediaLibrary<ImageReading> | null;
  /**
   * When a medium cannot be read now: `wait` holds a memory back that says nothing without it, and any while the endpoint fails; `continue` writes the document without
   * it; a later run writes it again with it.
   */
  onFailure: "wait" | "continue";
  /** Called with the reason. */
  report: (error: ConnectorError) => void;
}

/**
 * Where a medium stands: not asked for, read, not readable and waited for, looked at now and then, given up, or not to be tried at the
 * moment.
 */
type Outcome = "unwanted" | "read" | "awaited" | "late" | "givenUp" | "later";

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

  async #attempt<Reading extends CacheValue>(
    library: MediaLibrary<Reading> | null,
    contextId: string,
    memory: Memory,
    signal: AbortSignal,
  ): Promise<Attempt<Reading>> {
    if (library === null) return { outcome: "unwanted", reading: null };
    try {
      const attempted = await library.read(contextId, memory, signal);
      if ("reading" in attempted) return { outcome: "read", reading: attempted.reading };
      return { outcome: outcomeOf(attempted.failed), reading: null };
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

function outcomeOf(failed: UnreadMedium): Outcome {
  if (failed.standing !== "waiting") return "givenUp";
  return isAwaited(failed) ? "awaited" : "late";
}

/** The document says what it does not hold. */
function givenUp(spoken: Attempt<string>, shown: Attempt<ImageReading>): Pick<MemoryFacts, "unreadable"> {
  const unreadable = [
    ...(spoken.outcome === "givenUp" ? (["audio"] as const) : []),
    ...(shown.outcome === "givenUp" ? (["image"] as const) : []),
  ];
  return unreadable.length === 0 ? {} : { unreadable };
}

/** Another run may find out more. */
function isUnsettled(outcome: Outcome): boolean {
  return outcome !== "unwanted" && outcome !== "read";
}
