import type { Change, VectorEntry } from "./changes.ts";
import type { KvStore } from "./kv-store.ts";
import type { Stores } from "./open-stores.ts";
import type { EntityAttributes, RelationAttributes } from "./records.ts";
import type { VectorStore } from "./vector-store.ts";

/** Applies one change in memory. */
export function applyChange(stores: Stores, change: Change): void {
  switch (change.kind) {
    case "record":
      applyRecord(recordStore(stores, change.store), change.key, change.value);
      break;
    case "provenance":
      applyProvenance(stores, change);
      break;
    case "provenance-append":
      provenanceStore(stores, change.store).append(change.key, change.chunkIds, change.time);
      break;
    case "entity":
      applyEntity(stores, change.name, change.attributes);
      break;
    case "relation":
      applyRelation(stores, change.source, change.target, change.attributes);
      break;
    case "files":
      break;
    case "vector":
      applyVector(vectorStore(stores, change.store), change.id, change.entry);
      break;
  }
}

function applyRecord(store: KvStore<object>, key: string, value: object | null): void {
  if (value === null) store.delete(key);
  else store.set(key, value);
}

function applyProvenance(stores: Stores, change: Extract<Change, { kind: "provenance" }>): void {
  const store = provenanceStore(stores, change.store);
  if (change.chunkIds === null) store.delete(change.key);
  else store.set(change.key, change.chunkIds, change.time);
}

function applyEntity(stores: Stores, name: string, attributes: EntityAttributes | null): void {
  if (attributes === null) stores.graph.deleteEntity(name);
  else stores.graph.setEntity(name, attributes);
}

function applyRelation(
  stores: Stores,
  source: string,
  target: string,
  attributes: RelationAttributes | null,
): void {
  if (attributes === null) stores.graph.deleteRelation(source, target);
  else stores.graph.setRelation(source, target, attributes);
}

function applyVector(store: VectorStore<object>, id: string, entry: VectorEntry | null): void {
  if (entry === null) store.delete(id);
  else if (entry.vector === null) store.setPayload(id, entry.payload, entry.createdAt);
  else store.set(id, entry.payload, entry.vector, entry.createdAt);
}

function recordStore(stores: Stores, name: Extract<Change, { kind: "record" }>["store"]): KvStore<object> {
  const byName = {
    doc_status: stores.documentStatus,
    full_docs: stores.documents,
    text_chunks: stores.chunks,
    full_entities: stores.documentEntities,
    full_relations: stores.documentRelations,
    llm_response_cache: stores.answers,
  };
  return byName[name] as unknown as KvStore<object>;
}

function provenanceStore(stores: Stores, name: "entity_chunks" | "relation_chunks") {
  return name === "entity_chunks" ? stores.entityChunks : stores.relationChunks;
}

function vectorStore(
  stores: Stores,
  name: Extract<Change, { kind: "vector" }>["store"],
): VectorStore<object> {
  const byName = {
    chunks: stores.chunkVectors,
    entities: stores.entityVectors,
    relationships: stores.relationVectors,
  };
  return byName[name] as unknown as VectorStore<object>;
}
