import { isErased } from "../domain/ledger-changes.ts";
import type { LedgerKey, LedgerRow } from "../domain/ledger-row.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type ErasureStore, erasureId, type StoredErasure } from "./erasure-store.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

/** The erasures of the embedded backends, in the table of the small collections. */
export function embeddedErasures({ table, read, change }: TableAccess<RecordTable>): ErasureStore {
  return {
    add: async (key, at) => {
      requireWellFormed(key.connectorId, key.contextId, key.memoryId);
      const erasure: StoredErasure = { connectorId: key.connectorId, erasedAt: at };
      await change(() => {
        if (!stands(table, key)) table.save("erasure", erasureId(key), erasure);
      });
    },
    among: (scope, memoryIds) =>
      read(() => {
        if (isEmpty(table)) return new Set();
        return new Set(memoryIds.filter((memoryId) => stands(table, { ...scope, memoryId })));
      }),
    remove: (key) =>
      change(() => {
        const stood = stands(table, key);
        table.remove("erasure", erasureId(key));
        return stood;
      }),
    count: (connectorId) =>
      read(() => {
        const all = table.list("erasure") as StoredErasure[];
        return all.filter((erasure) => erasure.connectorId === connectorId).length;
      }),
  };
}

/** Throws `MEMORY_ERASED` for a row that would bring an erased memory back. */
export function requireNotErased(table: RecordTable, rows: readonly LedgerRow[]): void {
  if (isEmpty(table)) return;
  const wrong = rows.find((row) => !isErased(row) && stands(table, row));
  if (wrong === undefined) return;
  const { memoryId } = wrong;
  throw new ConnectorError("MEMORY_ERASED", `memory "${memoryId}" was erased`, { subject: memoryId });
}

function stands(table: RecordTable, { connectorId, contextId, memoryId }: LedgerKey): boolean {
  return table.get("erasure", erasureId({ connectorId, contextId, memoryId })) !== undefined;
}

function isEmpty(table: RecordTable): boolean {
  return table.page("erasure", { after: null, limit: 1, reverse: false }).length === 0;
}
