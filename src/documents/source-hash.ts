import type { Memory } from "../domain/memory.ts";
import { sha256 } from "./identity-line.ts";

/** To be raised when a strategy shall write the same memory differently than before: documents are then written again. */
const writingRevision = 1;

/** SHA-256, hex, of a memory as the source gave it and of all settings on which its document depends. */
export type SourceHash = (memory: Memory) => string;

/**
 * Hashes what a document depends on, as far as it is known before anybody is asked. While the hash stays the same and the facts
 * were not `provisional`, the memory needs no second look.
 */
export function sourceHasher(settings: object): SourceHash {
  const surroundings = sha256(JSON.stringify([writingRevision, settings]));
  return ({ facts: _, ...given }) => sha256(surroundings + JSON.stringify(given));
}
