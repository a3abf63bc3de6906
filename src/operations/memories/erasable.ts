import { isErased } from "../../domain/ledger.ts";
import { isGroup, type LedgerKey } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { sourceFingerprint } from "../../sources/source-settings.ts";
import type { ErasedPlace, StoredSources } from "../../state/erasure-store.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { sinkOf } from "../connectors/list-connectors.ts";
import type { Services } from "../operation-context.ts";
import { keysOf, type MemoryName, memoryUnknown } from "./memory-rows.ts";

/** What an erasure reaches. */
export interface Reach {
  /** Where the memory is known, or where its name says that it is: there it is removed. */
  places: ErasedPlace[];
  /** Connectors of the same sources that read its context, which do not know it: there it stays away. */
  others: ErasedPlace[];
}

export interface ErasureName extends MemoryName {
  /** Also from connectors other than the one that is named. */
  everywhere?: boolean | undefined;
}

/**
 * What to erase of a memory: all that connectors of the same source have delivered of it. Throws `CONNECTOR_UNKNOWN`, `MEMORY_UNKNOWN`, and
 * `ERASE_REACHES_FURTHER` where one connector is named, others know the memory as well, and nobody said `everywhere`.
 */
export async function reachOfErasure(services: Services, name: ErasureName): Promise<Reach> {
  const named = await placesToErase(services, name);
  const companions = await placesOfCompanions(services, named);
  const known = await filterAsync(companions, (key) => holdsMore(services.state, key));
  if (known.length > 0 && name.connectorId !== undefined && name.everywhere !== true)
    throw reachesFurther(services, name, known);
  return {
    places: [...named.map((key) => ({ ...key, origin: key.connectorId })), ...known],
    others: companions.filter((key) => !known.includes(key)),
  };
}

async function placesToErase(services: Services, name: MemoryName): Promise<LedgerKey[]> {
  const all = keysOf(services, name);
  const known = await filterAsync(all, (key) => isKnown(services.state, key));
  if (known.length > 0) return known;
  const named = all.filter((key) => services.connector(key.connectorId).contextIds.includes(key.contextId));
  if (named.length > 0 && (name.connectorId !== undefined || named.length === 1)) return named;
  const why = "to erase one that the ledger does not know";
  const hint = { command: `say --connector-id ${why}`, request: `name its connector ${why}` };
  throw memoryUnknown(name, name.connectorId === undefined ? hint : undefined);
}

const noneErased = {
  command: "none of that name was erased; look for its id in `memory-connector audit list`",
  request: "none of that name was erased; look for its id in the audit log",
};

/** Where the memory is kept away, and what is let back together. Throws `CONNECTOR_UNKNOWN` and `MEMORY_UNKNOWN`. */
export async function erasedPlaces(services: Services, name: MemoryName): Promise<LedgerKey[]> {
  const named = await filterAsync(keysOf(services, name), (key) => staysErased(services.state, key));
  if (named.length === 0) throw memoryUnknown(name, noneErased);
  const companions = await placesOfCompanions(services, named);
  return [...named, ...(await filterAsync(companions, (key) => staysErased(services.state, key)))];
}

export async function staysErased(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return isErased(row) || (await state.erasures.among(key, [key.memoryId])).size > 0;
}

/** A connector with the LightRAG that it delivers to, as people know it. */
export function describePlace(services: Services, { connectorId, contextId }: LedgerKey): string {
  return `${connectorId} (${contextId}, ${sinkOf(services.connector(connectorId).lightrag)})`;
}

function reachesFurther(services: Services, { memoryId }: MemoryName, known: readonly LedgerKey[]) {
  const where = known.map((key) => describePlace(services, key)).join(", ");
  const message = `memory "${memoryId}" of the same source is also known to ${where}; nothing was erased`;
  return new ConnectorError("ERASE_REACHES_FURTHER", message, { subject: memoryId });
}

/** The same memory at other connectors that have, or had, its source: those that read its context, and those that still hold something of it. */
async function placesOfCompanions(services: Services, places: readonly LedgerKey[]): Promise<ErasedPlace[]> {
  const { state } = services;
  const configured = sourcesOf(services);
  const found: ErasedPlace[] = [];
  for (const key of places) {
    const companions = await state.erasures.companions(key.connectorId, configured);
    const others = services.connectors.configs().filter(({ id }) => companions.includes(id));
    for (const { id, contextIds } of others) {
      const place = { ...key, connectorId: id, origin: key.connectorId };
      if ([...places, ...found].some((each) => isSame(each, place))) continue;
      if (contextIds.includes(key.contextId) || (await holdsMore(state, place))) found.push(place);
    }
  }
  return found;
}

const isSame = (one: LedgerKey, other: LedgerKey): boolean =>
  one.connectorId === other.connectorId && one.contextId === other.contextId;

/** What the connectors of the configuration read, as the list of erasures knows it. */
export function sourcesOf(services: Services): StoredSources[] {
  return services.connectors.configs().flatMap(({ id, source }) => {
    const fingerprint = sourceFingerprint(source);
    return fingerprint === null ? [] : [{ connectorId: id, sources: [fingerprint] }];
  });
}

async function isKnown(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  if (row !== undefined && !isGroup(row)) return true;
  return (await state.pushed.has(key)) || (await staysErased(state, key));
}

/** Than what an erasure leaves. */
async function holdsMore(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return (row !== undefined && !isGroup(row) && !isErased(row)) || (await state.pushed.has(key));
}

async function filterAsync<Item>(
  items: readonly Item[],
  passes: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const passed = await Promise.all(items.map(passes));
  return items.filter((_, at) => passed[at]);
}
