import { isErased } from "../../domain/ledger.ts";
import { isGroup, type LedgerKey } from "../../domain/ledger-row.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { type MemoryName, memoryUnknown } from "./memory-rows.ts";

/** Where the memory is known, or where its name says that it is. Throws `CONNECTOR_UNKNOWN` and `MEMORY_UNKNOWN`. */
export async function placesToErase(services: Services, name: MemoryName): Promise<LedgerKey[]> {
  const named = namedPlaces(services, name);
  const known = await filterAsync(named, (key) => isKnown(services.state, key));
  if (known.length > 0) return known;
  if (named.length > 0 && (name.connectorId !== undefined || named.length === 1)) return named;
  const hint = "say --connector-id to erase one that the ledger does not know";
  throw memoryUnknown(name, name.connectorId === undefined ? hint : undefined);
}

/** Where the memory is kept away. Throws `CONNECTOR_UNKNOWN` and `MEMORY_UNKNOWN`. */
export async function erasedPlaces(services: Services, name: MemoryName): Promise<LedgerKey[]> {
  const places = await filterAsync(namedPlaces(services, name), (key) => staysErased(services.state, key));
  if (places.length > 0) return places;
  throw memoryUnknown(name, "none of that name was erased; look for its id in `memory-connector audit list`");
}

export async function staysErased(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return isErased(row) || (await state.erasures.among(key, [key.memoryId])).size > 0;
}

/** Contexts that connectors read. */
function namedPlaces(services: Services, { connectorId, contextId, memoryId }: MemoryName): LedgerKey[] {
  const all = connectorsOf(services, connectorId).flatMap(({ id, contextIds }) =>
    contextIds.map((context) => ({ connectorId: id, contextId: context, memoryId })),
  );
  return all.filter((key) => contextId === undefined || key.contextId === contextId);
}

async function isKnown(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return (row !== undefined && !isGroup(row)) || (await staysErased(state, key));
}

async function filterAsync<Item>(
  items: readonly Item[],
  passes: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const passed = await Promise.all(items.map(passes));
  return items.filter((_, at) => passed[at]);
}
