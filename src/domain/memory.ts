import type { MemoryFacts } from "./memory-facts.ts";

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
  /** Added here, not by the source: see `MemoryEnricher`. Absent until somebody has looked into the memory. */
  readonly facts?: MemoryFacts;
  /** The small notes that this one stands for: a group of them is delivered like a memory. Never given by the source. */
  readonly members?: readonly Memory[];
}

/** An item of an otherwise good list that is not a memory, or none that can be carried. */
export interface MalformedMemory {
  /** What is wrong with it; `MEMORY_MALFORMED` when absent. */
  code?: "MEMORY_MALFORMED" | "MEMORY_UNDECODABLE" | "MEMORY_TOO_LARGE";
  /** Where it stood in the answer that held it, from 1. */
  position?: number;
  /** The item's id where it has a usable one, else null. */
  id: string | null;
  /** Every problem found, each naming its field. */
  problems: readonly string[];
  /** The item as JSON, bounded in length, for a person to look at. */
  excerpt: string;
  /** SHA-256 (hex) of the item's JSON: the same broken item is recognised when it comes again, wherever it stands. */
  fingerprint: string;
}
