import { adviceInSettings, type SettingAdvice } from "../kernel/errors/setting-advice.ts";
import { type MemoryFacts, noFacts } from "./memory-facts.ts";

/** Where a memory was recorded. Degrees, WGS 84. */
export interface MemoryLocation {
  readonly lat: number;
  readonly lon: number;
}

/** A file of a memory, beside the one recording and the one picture that the flags `audio` and `image` speak of. */
export type Attachment = {
  readonly kind: "audio" | "image" | "video" | "file";
  /** For people: a file name. */
  readonly name: string | null;
  /** Tells it from the memory's other files, and stays the same from list to list: see `attachmentsOf`. Left out where nothing does. */
  readonly id?: string;
};

/** A part of what was said. */
export type Segment = {
  readonly speaker: string | null;
  /** Milliseconds from the beginning of the memory. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly text: string;
};

/**
 * What `createdAt` is the time of, where it is not that of the recording: the entry's making, the name or the date of a file, or the
 * moment when the source first showed it.
 */
export const otherTimeSources = ["entry", "file_name", "file_date", "first_seen"] as const;

export const textFormats = ["plain", "markdown", "html"] as const;

/**
 * One memory, as the rest of the system sees it: validated, times in UTC, "no location" resolved. What may be left out is left out
 * where it is not known, never undefined or empty: a memory's JSON decides whether it has changed.
 */
export interface Memory {
  readonly id: string;
  /** `record`, `note`, `photo` or any other word of the source. */
  readonly type: string;
  /** True when the source holds an audio file, whatever form its flag had. */
  readonly audio: boolean;
  readonly image: boolean;
  /** The empty string when there is none. */
  readonly transcript: string;
  readonly location: MemoryLocation | null;
  /** RFC 3339 with `Z`. A time without a zone was taken as UTC. */
  readonly createdAt: string;
  readonly updatedAt: string | null;
  readonly title: string | null;
  /** As the source gave them; empty when it gave none. */
  readonly tags: readonly string[];
  /** When it ended. As `createdAt`. */
  readonly endedAt?: string;
  /** IANA name of the zone whose clocks it was recorded by, where the source knows it. */
  readonly timeZone?: string;
  /** Left out where it is the time of the recording, or nobody knows. */
  readonly timeSource?: (typeof otherTimeSources)[number];
  /** Where a person can look at it. */
  readonly url?: string;
  /** What the source calls the place. */
  readonly placeName?: string;
  /** BCP 47, of the transcript. */
  readonly language?: string;
  /** Of the transcript. */
  readonly format?: (typeof textFormats)[number];
  readonly attachments?: readonly Attachment[];
  /** The transcript once more, by who said what and when. */
  readonly segments?: readonly Segment[];
  /** Added here, not by the source: see `MemoryEnricher`. Absent until the memory is enriched. */
  readonly facts?: MemoryFacts;
  /** The short notes that this one represents: a group of them is delivered like a memory. Never set by the source. */
  readonly members?: readonly Memory[];
}

/** An item of an otherwise valid list that is not a memory, or cannot be delivered. */
export interface MalformedMemory {
  /** What is wrong with it; `MEMORY_MALFORMED` when absent. */
  code?: "MEMORY_MALFORMED" | "MEMORY_UNDECODABLE" | "MEMORY_TOO_LARGE" | "MEMORY_ID_TAKEN";
  /** Its position in the response, from 1. */
  position?: number;
  /** The item's id where it has a usable one, else null. */
  id: string | null;
  /** For one without an id that stands for several memories, as a conversation does for its days: how their ids begin. */
  standsFor?: string;
  /** Every problem found, each naming its field. */
  problems: readonly string[];
  /** The setting that helps. */
  advice?: SettingAdvice;
  /** The item as JSON, bounded in length, for a person to look at. */
  excerpt: string;
  /** SHA-256 (hex) of the item's JSON: identifies the same broken item at any position. */
  fingerprint: string;
}

/** What is wrong with an item and what helps, for people; `say` words an advice as their door does. */
export function problemsOf(
  { problems, advice }: Pick<MalformedMemory, "problems" | "advice">,
  say: (advice: SettingAdvice) => string = adviceInSettings,
): readonly string[] {
  return advice === undefined ? problems : problems.map((problem) => `${problem}; ${say(advice)}`);
}

/** The facts of a memory; empty ones before it is enriched. */
export function factsOf(memory: Memory): MemoryFacts {
  return memory.facts ?? noFacts;
}

/** The zone of the clocks that its speaker saw: as the source says, else as it was found out. */
export function zoneOf(memory: Memory): string | null {
  return memory.timeZone ?? factsOf(memory).timeZone;
}

/** The memory with these facts added to its own. */
export function withFacts(memory: Memory, facts: Partial<MemoryFacts>): Memory {
  return { ...memory, facts: { ...factsOf(memory), ...facts } };
}
