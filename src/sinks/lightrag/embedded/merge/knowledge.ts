import type { GraphReader, RelationOf } from "../storage/readers.ts";
import { type EntityAttributes, fieldSeparator, type RelationAttributes } from "../storage/records.ts";
import { ChunkIds } from "./chunk-ids.ts";

/** The knowledge at one point in time: the graph and the provenance of each part. */
export interface Knowledge {
  entity(name: string): Readonly<EntityAttributes> | undefined;
  relation(a: string, b: string): Readonly<RelationAttributes> | undefined;
  relationsOf(name: string): RelationOf[];
  /** Undefined when no provenance was recorded for this name; then only the graph's own list exists. */
  entityChunks(name: string): ChunkIds | undefined;
  /** By the key of both names, see `relationKey`. */
  relationChunks(key: string): ChunkIds | undefined;
}

interface Provenance {
  chunkIds(key: string): ReadonlySet<string> | undefined;
}

/** The knowledge of a folder. */
export function storedKnowledge(stores: {
  graph: GraphReader;
  entityChunks: Provenance;
  relationChunks: Provenance;
}): Knowledge {
  const chunksOf = (provenance: Provenance, key: string) => {
    const ids = provenance.chunkIds(key);
    return ids && new ChunkIds(ids);
  };
  return {
    entity: (name) => stores.graph.entity(name),
    relation: (a, b) => stores.graph.relation(a, b),
    relationsOf: (name) => stores.graph.relationsOf(name),
    entityChunks: (name) => chunksOf(stores.entityChunks, name),
    relationChunks: (key) => chunksOf(stores.relationChunks, key),
  };
}

/** The parts of a list that is stored as one string. */
export function splitList(joined: string): string[] {
  return joined.split(fieldSeparator).filter((part) => part !== "");
}

export function joinList(parts: readonly string[]): string {
  return parts.join(fieldSeparator);
}
