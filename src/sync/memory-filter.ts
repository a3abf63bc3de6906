import type { Memory } from "../domain/memory.ts";
import type { MemoryFilter } from "./sync-settings.ts";

/** Whether a run looks at a part of the source only. */
export function isFiltered(filter: MemoryFilter): boolean {
  return filter.since !== undefined || filter.until !== undefined || filter.ids !== undefined;
}

export function passes(filter: MemoryFilter, memory: Memory): boolean {
  const at = Date.parse(memory.createdAt);
  if (filter.since !== undefined && at < filter.since) return false;
  if (filter.until !== undefined && at > filter.until) return false;
  return filter.ids === undefined || filter.ids.has(memory.id);
}
