import { parseFileSource, parseGroupFileSource } from "../../documents/file-source.ts";
import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { StateManager } from "../../state/state-manager.ts";

type Ledger = Pick<StateManager, "getRows" | "getGroup">;

/**
 * The memories of documents by a connector's ledger, by the document's name: one, or the notes that share it. Documents that the ledger does
 * not know, and names that are shortened by a digest, are omitted.
 */
export async function memoriesOfDocuments(
  ledger: Ledger,
  connectorId: string,
  fileSources: Iterable<string>,
): Promise<Map<string, readonly LedgerRow[]>> {
  // A malformed id cannot be in a ledger.
  const names = [...new Set(fileSources)].filter((name) => decoded(name).isWellFormed());
  const [single, shared] = await Promise.all([
    rowsOfMemories(ledger, connectorId, names),
    rowsOfGroups(ledger, connectorId, names),
  ]);
  return new Map([...single, ...shared]);
}

function decoded(name: string): string {
  const { contextId, memoryId } = parseFileSource(name) ?? { contextId: "", memoryId: "" };
  const group = parseGroupFileSource(name);
  return [contextId, memoryId, group?.contextId, group?.groupKey].join("");
}

async function rowsOfMemories(
  ledger: Ledger,
  connectorId: string,
  names: readonly string[],
): Promise<[string, LedgerRow[]][]> {
  const memories = names.flatMap((name) => {
    const ids = parseFileSource(name);
    return ids === null ? [] : [{ name, ...ids }];
  });
  const contexts = Map.groupBy(memories, ({ contextId }) => contextId);
  const found = Array.from(contexts, async ([contextId, each]) => {
    const ids = each.map(({ memoryId }) => memoryId);
    const rows = await ledger.getRows({ connectorId, contextId }, ids);
    return each.flatMap(({ name, memoryId }): [string, LedgerRow[]][] => {
      const row = rows.get(memoryId);
      return row === undefined ? [] : [[name, [row]]];
    });
  });
  return (await Promise.all(found)).flat();
}

async function rowsOfGroups(
  ledger: Ledger,
  connectorId: string,
  names: readonly string[],
): Promise<[string, LedgerRow[]][]> {
  const found = names.map(async (name): Promise<[string, LedgerRow[]][]> => {
    const group = parseGroupFileSource(name);
    if (group === null) return [];
    const rows = await ledger.getGroup({ connectorId, contextId: group.contextId }, group.groupKey);
    const notes = rows.filter((row) => !isGroup(row));
    return notes.length === 0 ? [] : [[name, notes]];
  });
  return (await Promise.all(found)).flat();
}
