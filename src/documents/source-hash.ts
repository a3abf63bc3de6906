import type { Memory } from "../domain/memory.ts";
import { sha256 } from "./fingerprint.ts";

/** Increment when a strategy writes the same memory differently: documents are then written again. */
const formatRevision = 1;

/** SHA-256, hex, of a memory as the source gave it and of all settings that its document depends on. */
export type SourceHash = (memory: Memory) => string;

/**
 * Hashes the inputs of a document that are known without calling a service. While the hash stays the same and the facts were not
 * `provisional`, the memory need not be processed again.
 */
export function sourceHasher(settings: object): SourceHash {
  const surroundings = sha256(JSON.stringify([formatRevision, settings]));
  return ({ facts: _, ...given }) => sha256(surroundings + JSON.stringify(given));
}
