/** The key of a memory, or of a group of notes, within a connector. */
export function keyOf({ contextId, memoryId }: { contextId: string; memoryId: string }): string {
  return JSON.stringify([contextId, memoryId]);
}
