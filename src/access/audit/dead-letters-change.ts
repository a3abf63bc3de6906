import type { AuditChange } from "./audit-log.ts";

/** Limit of the ids listed in an entry; the full count is recorded separately. */
const mostNamed = 100;

/** The audit entry for replayed or dropped dead letters; none when there were none. */
export function deadLettersChange(
  action: "replay" | "drop",
  connectorId: string,
  memoryIds: readonly string[],
): { change?: AuditChange } {
  if (memoryIds.length === 0) return {};
  const after = { count: memoryIds.length, memoryIds: memoryIds.slice(0, mostNamed) };
  return { change: { action: `dead-letters.${action}`, subject: connectorId, after } };
}
