import { type MemoryFacts, noFacts } from "./memory-facts.ts";

/** Where a memory was recorded. Degrees, WGS 84. */
export interface MemoryLocation {
  readonly lat: number;
  readonly lon: number;
}

/**
 * One memory, as the rest of the system sees it: validated, times in UTC, "no location" resolved.
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
  /** Added here, not by the source: see `MemoryEnricher`. Absent until the memory is enriched. */
  readonly facts?: MemoryFacts;
  /** The short notes that this one represents: a group of them is delivered like a memory. Never set by the source. */
  readonly members?: readonly Memory[];
}

/** An item of an otherwise valid list that is not a memory, or cannot be delivered. */
export interface MalformedMemory {
  /** What is wrong with it; `MEMORY_MALFORMED` when absent. */
  code?: "MEMORY_MALFORMED" | "MEMORY_UNDECODABLE" | "MEMORY_TOO_LARGE";
  /** Its position in the response, from 1. */
  position?: number;
  /** The item's id where it has a usable one, else null. */
  id: string | null;
  /** Every problem found, each naming its field. */
  problems: readonly string[];
  /** The item as JSON, bounded in length, for a person to look at. */
  excerpt: string;
  /** SHA-256 (hex) of the item's JSON: identifies the same broken item at any position. */
  fingerprint: string;
}

/** The facts of a memory; empty ones before it is enriched. */
export function factsOf(memory: Memory): MemoryFacts {
  return memory.facts ?? noFacts;
}

/** The memory with these facts added to its own. */
export function withFacts(memory: Memory, facts: Partial<MemoryFacts>): Memory {
  return { ...memory, facts: { ...factsOf(memory), ...facts } };
}
