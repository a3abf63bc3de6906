import type { MalformedMemory } from "../domain/memory.ts";

/** The key of a memory, or of a group of notes, within a connector. */
export function keyOf({ contextId, memoryId }: { contextId: string; memoryId: string }): string {
  return JSON.stringify([contextId, memoryId]);
}

/** The ledger's id of a malformed item: its own, or one derived from its content, independent of its position in the list. */
export function brokenItemId({ id, fingerprint }: MalformedMemory): string {
  return id ?? `malformed-${fingerprint.slice(0, 16)}`;
}
