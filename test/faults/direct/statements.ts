import { chunkIdsOfEntity, chunkIdsOfRelation } from "../../../src/sinks/lightrag/embedded/query/look-up.ts";
import type { StoreReaders } from "../../../src/sinks/lightrag/embedded/storage/readers.ts";
import { fieldSeparator } from "../../../src/sinks/lightrag/embedded/storage/records.ts";

/** From this many statements on they are summed up, and a summary depends on the order in which they came. */
const summedUpFrom = 8;

/**
 * What a graph says, whatever the order in which its documents came: after updates and kills another order is as right. The
 * order of statements about a thing is left out, and with it what LightRAG derives from the order.
 */
export function statementsIn(stores: StoreReaders): Record<string, unknown> {
  const entities = [...stores.graph.names()].map((name) => {
    const { entity_type, description = "" } = stores.graph.entity(name) ?? {};
    const chunkIds = chunkIdsOfEntity(stores, name).toSorted();
    return [name, { entity_type, chunkIds, ...statements(description, chunkIds) }];
  });
  const relations = [...stores.graph.relations()].map(({ source, target, attributes }) => {
    const { weight, keywords, description } = attributes;
    const chunkIds = chunkIdsOfRelation(stores, source, target).toSorted();
    const key = [source, target].toSorted().join(" ~ ");
    return [key, { weight, keywords, chunkIds, ...statements(description, chunkIds) }];
  });
  return Object.fromEntries([...entities, ...relations]);
}

function statements(description: string, chunkIds: readonly string[]): { statements?: string[] } {
  return chunkIds.length < summedUpFrom ? { statements: description.split(fieldSeparator).toSorted() } : {};
}
