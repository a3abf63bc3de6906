import type { AuditChange } from "./audit-log.ts";

/** Ids that an entry names; how many there were stands beside them. */
const mostNamed = 100;

/** What the log says of dead letters that were replayed or dropped; nothing when there were none. */
export function deadLettersChange(
  action: "replay" | "drop",
  connectorId: string,
  memoryIds: readonly string[],
): { change?: AuditChange } {
  if (memoryIds.length === 0) return {};
  const after = { count: memoryIds.length, memoryIds: memoryIds.slice(0, mostNamed) };
  return { change: { action: `dead-letters.${action}`, subject: connectorId, after } };
}
