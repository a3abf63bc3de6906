import type { MemoryIndex } from "./state-manager.ts";
import type { MemoryIndexTable, TableAccess } from "./state-tables.ts";

/** The index of memories of the embedded backends. */
export function embeddedMemoryIndex({
  table,
  read,
}: Pick<TableAccess<MemoryIndexTable>, "table" | "read">): MemoryIndex {
  return {
    searchMemories: (query, page) => read(() => table.search(query, page)),
    countInSpan: (query, span) => read(() => table.countInSpan(query, span)),
    newestUnitBefore: (query, before) => read(() => table.newestUnitBefore(query, before)),
    topFacets: (query, ask) => read(() => table.topFacets(query, ask)),
    pageFacets: (connectorId, ask) => read(() => table.pageFacets(connectorId, ask)),
    countFacets: (connectorId, kind, keys) => read(() => table.countFacets(connectorId, kind, keys)),
  };
}
