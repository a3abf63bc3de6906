import type { KnowledgeStage } from "../merge/knowledge-stage.ts";
import type { EmbeddingModel } from "../models/models.ts";
import type { Change, VectorStoreName } from "../storage/changes.ts";
import { entityVectorId, md5Hex, orderedPair, relationVectorId } from "../storage/keys.ts";
import type { StoreReaders, VectorReader } from "../storage/readers.ts";
import type { EntityAttributes, RelationAttributes } from "../storage/records.ts";
import type { Chunk } from "../text/chunking.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

export interface VectorContext {
  stores: StoreReaders;
  tokenizer: Tokenizer;
  embedding: EmbeddingModel;
  /** Whole seconds since the epoch. */
  time: number;
  signal: AbortSignal;
}

/** A vector that a store must have: what it stands for, and the text that it is made of. */
interface WantedVector {
  store: VectorStoreName;
  id: string;
  payload: { content: string; [field: string]: string };
}

/** What an embedding model takes at most; LightRAG's default. */
const maxContentTokens = 8192;

/**
 * The changes of the vector stores that go with new chunks and a changed graph (contract §9.3). Texts that have their vector
 * already are not embedded again.
 */
export async function vectorChanges(
  chunks: readonly Chunk[],
  stage: KnowledgeStage,
  context: VectorContext,
): Promise<Change[]> {
  const { wanted, gone } = affectedVectors(chunks, stage, context.tokenizer);
  const stale = wanted.filter((vector) => !isCurrent(vector, context.stores));
  const texts = stale.map(({ payload }) => payload.content);
  const vectors = texts.length === 0 ? [] : await context.embedding.embed(texts, context.signal);
  const fresh = new Map(stale.map(({ id }, index) => [id, vectors[index] ?? null]));
  return [
    ...gone.map(({ store, id }): Change => ({ kind: "vector", store, id, entry: null })),
    ...wanted.map(({ store, id, payload }): Change => {
      const entry = { payload, vector: fresh.get(id) ?? null, createdAt: context.time };
      return { kind: "vector", store, id, entry };
    }),
  ];
}

function affectedVectors(
  chunks: readonly Chunk[],
  stage: KnowledgeStage,
  tokenizer: Tokenizer,
): { wanted: WantedVector[]; gone: { store: VectorStoreName; id: string }[] } {
  const wanted = chunks.map(chunkVector);
  const gone: { store: VectorStoreName; id: string }[] = [];
  for (const [name, entity] of stage.stagedEntities()) {
    if (entity === null) gone.push({ store: "entities", id: entityVectorId(name) });
    else wanted.push(entityVector(name, entity, tokenizer));
  }
  for (const { source, target, attributes } of stage.stagedRelations()) {
    if (attributes === null) gone.push(...relationVectorIds(source, target));
    else wanted.push(relationVector(source, target, attributes, tokenizer));
  }
  return { wanted, gone };
}

function isCurrent({ store, id, payload }: WantedVector, stores: StoreReaders): boolean {
  const readers: Record<VectorStoreName, VectorReader<{ content: string }>> = {
    chunks: stores.chunkVectors,
    entities: stores.entityVectors,
    relationships: stores.relationVectors,
  };
  return readers[store].payload(id)?.content === payload.content;
}

function chunkVector({ id, record }: Chunk): WantedVector {
  const { content, full_doc_id, file_path } = record;
  return { store: "chunks", id, payload: { content, full_doc_id, file_path } };
}

function entityVector(name: string, entity: EntityAttributes, tokenizer: Tokenizer): WantedVector {
  const content = tokenizer.truncate(`${name}\n${entity.description}`, maxContentTokens);
  const payload = { entity_name: name, content, source_id: entity.source_id, file_path: entity.file_path };
  return { store: "entities", id: entityVectorId(name), payload };
}

function relationVector(
  source: string,
  target: string,
  relation: RelationAttributes,
  tokenizer: Tokenizer,
): WantedVector {
  const [first, second] = orderedPair(source, target);
  const text = `${relation.keywords}\t${first}\n${second}\n${relation.description}`;
  const content = tokenizer.truncate(text, maxContentTokens);
  const { source_id, file_path } = relation;
  const payload = { src_id: first, tgt_id: second, content, source_id, file_path };
  return { store: "relationships", id: relationVectorId(source, target), payload };
}

/** An old import may have stored the pair the other way round. */
function relationVectorIds(source: string, target: string): { store: VectorStoreName; id: string }[] {
  return [source + target, target + source].map((pair) => ({
    store: "relationships",
    id: `rel-${md5Hex(pair)}`,
  }));
}
