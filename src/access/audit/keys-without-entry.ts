import type { AuditEntry } from "../../state/audit-entry.ts";
import type { StoredApiKey } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { storedEntries } from "./stored-entries.ts";

export type UnexplainedKey = Pick<StoredApiKey, "id" | "name" | "role">;

/**
 * API keys without an audit entry: they were written into the state directly. A key older than the oldest entry may have lost its
 * own to retention, unless the log still begins with its first entry.
 */
export async function keysWithoutEntry(
  state: Pick<StateManager, "apiKeys" | "audit">,
): Promise<UnexplainedKey[]> {
  const told = new Set<string>();
  let oldest: AuditEntry | null = null;
  for await (const { entry } of storedEntries(state.audit, { after: null, order: "oldest" })) {
    if (entry === null) continue;
    oldest ??= entry;
    for (const id of keysIn(entry)) told.add(id);
  }
  const since = oldest === null || oldest.number === 1 ? Number.NEGATIVE_INFINITY : oldest.at;
  const keys = await state.apiKeys.list();
  return keys
    .filter(({ id, createdAt }) => !told.has(id) && createdAt >= since)
    .map(({ id, name, role }) => ({ id, name, role }));
}

/** An entry accounts for the key that it names; the entry of a restore for all keys restored or kept while the log was replaced. */
function keysIn({ action, subject, after }: AuditEntry): string[] {
  if (action.startsWith("key.")) return subject === null ? [] : [subject];
  if (action !== "state.restore") return [];
  const { keys = [], keptKeys = [] } = (after ?? {}) as { keys?: { id: string }[]; keptKeys?: string[] };
  return [...keys.map(({ id }) => id), ...keptKeys];
}
