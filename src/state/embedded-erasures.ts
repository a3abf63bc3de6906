import { isErased } from "../domain/ledger-changes.ts";
import type { LedgerKey, LedgerRow } from "../domain/ledger-row.ts";
import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import {
  companionsOf,
  type ErasureStore,
  erasedMemory,
  erasureId,
  type StoredErasure,
  type StoredSources,
} from "./erasure-store.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

/** The erasures of the embedded backends, in the table of the small collections. */
export function embeddedErasures({ table, read, change }: TableAccess<RecordTable>): ErasureStore {
  /** What could not be written down. */
  const noted: StoredSources[] = [];
  return {
    add: async (key, at) => {
      const { connectorId } = key;
      requireWellFormed(connectorId, key.contextId, key.memoryId);
      const erasure: StoredErasure = { connectorId, memory: erasedMemory(key), erasedAt: at };
      await change(() => {
        const id = erasureId(key);
        if (table.get("erasure", id) === undefined) table.save("erasure", id, erasure);
      });
    },
    among: (scope, memoryIds) =>
      read(() => {
        if (isEmpty(table)) return new Set();
        const isListed = listedFor(table, scope.connectorId, noted);
        return new Set(memoryIds.filter((memoryId) => isListed({ ...scope, memoryId })));
      }),
    remove: (key) =>
      change(() => {
        const stood = listedFor(table, key.connectorId, noted)(key);
        for (const connectorId of companionsIn(table, key.connectorId, noted))
          table.remove("erasure", erasureId({ ...key, connectorId }));
        return stood;
      }),
    count: (connectorId) =>
      read(() => {
        const companions = companionsIn(table, connectorId, noted);
        const all = table.list("erasure") as StoredErasure[];
        const counted = all.filter((erasure) => companions.includes(erasure.connectorId));
        return new Set(counted.map((erasure) => erasure.memory ?? erasure)).size;
      }),
    companions: (connectorId) => read(() => companionsIn(table, connectorId, noted)),
    reads: async (connectorId, source) => {
      requireWellFormed(connectorId);
      const withSource = () => {
        const { sources } = (table.get("source", connectorId) ?? { sources: [] }) as StoredSources;
        return sources.includes(source) ? null : { connectorId, sources: [...sources, source] };
      };
      if ((await read(withSource)) === null) return;
      await change(() => {
        const record = withSource();
        if (record !== null) table.save("source", connectorId, record);
      }).catch((thrown: unknown) => {
        if (!isConnectorError(thrown, "STATE_READ_ONLY")) throw thrown;
        noted.push({ connectorId, sources: [source] });
      });
    },
  };
}

/** Throws `MEMORY_ERASED` for a row that would bring an erased memory back. */
export function requireNotErased(table: RecordTable, rows: readonly LedgerRow[]): void {
  if (isEmpty(table)) return;
  const byConnector = Map.groupBy(rows, ({ connectorId }) => connectorId);
  for (const [connectorId, itsRows] of byConnector) {
    const isListed = listedFor(table, connectorId);
    const wrong = itsRows.find((row) => !isErased(row) && isListed(row));
    if (wrong === undefined) continue;
    const { memoryId } = wrong;
    throw new ConnectorError("MEMORY_ERASED", `memory "${memoryId}" was erased`, { subject: memoryId });
  }
}

/** Whether memories stay away from this connector. */
function listedFor(table: RecordTable, asked: string, noted: readonly StoredSources[] = []) {
  const companions = companionsIn(table, asked, noted);
  return ({ contextId, memoryId }: Omit<LedgerKey, "connectorId">): boolean =>
    companions.some(
      (connectorId) => table.get("erasure", erasureId({ connectorId, contextId, memoryId })) !== undefined,
    );
}

function companionsIn(table: RecordTable, connectorId: string, noted: readonly StoredSources[]): string[] {
  return companionsOf(connectorId, [...(table.list("source") as StoredSources[]), ...noted]);
}

function isEmpty(table: RecordTable): boolean {
  return table.page("erasure", { after: null, limit: 1, reverse: false }).length === 0;
}
