import { isErased } from "../domain/ledger-changes.ts";
import type { LedgerKey, LedgerRow } from "../domain/ledger-row.ts";
import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import {
  companionsOf,
  type ErasedPlace,
  type ErasureStore,
  erasedMemory,
  erasureId,
  type StoredErasure,
  type StoredSources,
  widerErasure,
} from "./erasure-store.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

/**
 * The erasures of the embedded backends, in the table of the small collections. `forgetText` is called with each new one, and removes what
 * is kept of the memory beside the ledger.
 */
export function erasuresOverTables(
  { table, read, change }: TableAccess<RecordTable>,
  forgetText: (key: LedgerKey) => void,
): ErasureStore {
  const supposed = new Map<string, StoredSources>();
  const supposes = (connectorId: string, source: string) =>
    void supposed.set(connectorId, { connectorId, sources: [source] });
  const addAll = async (places: readonly ErasedPlace[], at: number) => {
    for (const { connectorId, contextId, memoryId, origin } of places)
      requireWellFormed(connectorId, contextId, memoryId, origin);
    await change(() => {
      for (const place of places) {
        addOne(table, place, at);
        forgetText(place);
      }
    });
  };
  return {
    add: (key, at, origin = key.connectorId) => addAll([{ ...key, origin }], at),
    addAll,
    listed: (scope, memoryIds) =>
      read(() => {
        if (isEmpty(table)) return new Set();
        return new Set(memoryIds.filter((memoryId) => isListed(table, { ...scope, memoryId })));
      }),
    among: (scope, memoryIds) =>
      read(() => {
        if (isEmpty(table)) return new Set();
        const isErasedFor = erasedFor(table, scope.connectorId, supposed.values());
        return new Set(memoryIds.filter((memoryId) => isErasedFor({ ...scope, memoryId })));
      }),
    remove: (key) =>
      change(() => {
        const stood = erasedFor(table, key.connectorId, supposed.values())(key);
        for (const connectorId of companionsIn(table, key.connectorId, supposed.values()))
          table.remove("erasure", erasureId({ ...key, connectorId }));
        return stood;
      }),
    count: (connectorId) =>
      read(() => {
        const companions = companionsIn(table, connectorId, supposed.values());
        const all = table.list("erasure") as StoredErasure[];
        const counted = all.filter(
          (erasure) => erasure.connectorId === connectorId || isOf(companions, erasure),
        );
        return new Set(counted.map((erasure) => erasure.memory ?? erasure)).size;
      }),
    companions: (connectorId, configured = []) =>
      read(() => companionsIn(table, connectorId, [...supposed.values(), ...configured])),
    supposes,
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
        supposes(connectorId, source);
      });
    },
  };
}

function addOne(table: RecordTable, { origin, ...key }: ErasedPlace, at: number): void {
  const { connectorId } = key;
  const elsewhere = origin === connectorId ? {} : { origin };
  const erasure: StoredErasure = { connectorId, ...elsewhere, memory: erasedMemory(key), erasedAt: at };
  const id = erasureId(key);
  const present = table.get("erasure", id) as StoredErasure | undefined;
  if (present === undefined || widerErasure(present, erasure) === erasure) table.save("erasure", id, erasure);
}

/**
 * Throws `MEMORY_ERASED` for a row that would bring an erased memory back: whatever row of a connector where it was erased, and the first row of a
 * companion.
 */
export function requireNotErased(table: ReadRecords, rows: readonly LedgerRow[]): void {
  if (isEmpty(table)) return;
  const byConnector = Map.groupBy(rows, ({ connectorId }) => connectorId);
  for (const [connectorId, itsRows] of byConnector) {
    const isErasedFor = erasedFor(table, connectorId);
    const wrong = itsRows.find(
      (row) => !isErased(row) && (row.version === 0 ? isErasedFor(row) : isListed(table, row)),
    );
    if (wrong === undefined) continue;
    const { memoryId } = wrong;
    throw new ConnectorError("MEMORY_ERASED", `memory "${memoryId}" was erased`, { subject: memoryId });
  }
}

/** A table of records that is only read. */
export type ReadRecords = Pick<RecordTable, "get" | "list" | "page">;

function isListed(table: ReadRecords, key: LedgerKey): boolean {
  return table.get("erasure", erasureId(key)) !== undefined;
}

/** Whether memories were erased at this connector or at a companion. */
export function erasedFor(table: ReadRecords, asked: string, supposed: Iterable<StoredSources> = []) {
  const companions = companionsIn(table, asked, supposed).filter((connectorId) => connectorId !== asked);
  return ({ contextId, memoryId }: Omit<LedgerKey, "connectorId">): boolean => {
    const entryOf = (connectorId: string) =>
      table.get("erasure", erasureId({ connectorId, contextId, memoryId })) as StoredErasure | undefined;
    if (entryOf(asked) !== undefined) return true;
    return companions.some((connectorId) => {
      const entry = entryOf(connectorId);
      return entry !== undefined && isOf(companions, entry);
    });
  };
}

/** An entry that was made together with another one says nothing to the companions of its connector, but only to those of the other. */
function isOf(companions: readonly string[], { connectorId, origin = connectorId }: StoredErasure): boolean {
  return origin === connectorId && companions.includes(connectorId);
}

function companionsIn(table: ReadRecords, connectorId: string, known: Iterable<StoredSources>): string[] {
  return companionsOf(connectorId, [...(table.list("source") as StoredSources[]), ...known]);
}

function isEmpty(table: ReadRecords): boolean {
  return table.page("erasure", { after: null, limit: 1, reverse: false }).length === 0;
}
