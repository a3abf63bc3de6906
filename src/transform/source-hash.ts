import type { Memory } from "../memory/memory.ts";
import { sha256 } from "./identity-line.ts";

/** To be raised when a strategy shall write the same memory differently than before: documents are then written again. */
const writingRevision = 1;

/**
 * What a document depends on, as far as it is known before anybody is asked: the memory as the source gave it and the settings of
 * its transformation. While the hash stays the same and the facts were not `provisional`, the memory needs no second look.
 * SHA-256, hex.
 */
export function sourceHash(memory: Memory, settings: object): string {
  const { facts: _, ...given } = memory;
  return sha256(JSON.stringify([writingRevision, given, settings]));
}
