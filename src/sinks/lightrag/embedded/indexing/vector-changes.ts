import type { KnowledgeStage } from "../merge/knowledge-stage.ts";
import type { Change, VectorStoreName } from "../storage/changes.ts";
import { entityVectorId, md5Hex, orderedPair, relationVectorId } from "../storage/keys.ts";
import type { StoreReaders, VectorReader } from "../storage/readers.ts";
import type { EntityAttributes, RelationAttributes } from "../storage/records.ts";
import { type Chunk, type Chunking, defaultChunking } from "../text/chunking.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** Embeds texts, in their order; null for one that keeps its previous vector. */
export interface TextEmbedder {
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (Float32Array | null)[]>;
}

export interface VectorContext {
  stores: StoreReaders;
  tokenizer: Tokenizer;
  embedding: TextEmbedder;
  chunking: Chunking;
  /** Whole seconds since the epoch. */
  time: number;
  signal: AbortSignal;
}

/** A vector that a store needs: its payload, and the text to embed. */
interface WantedVector {
  store: VectorStoreName;
  id: string;
  payload: { content: string; [field: string]: string };
}

/** The most tokens that LightRAG sends to an embedding model. */
const maxContentTokens = 8192;

/** A smaller chunk size implies a model with a smaller limit; descriptions go to the same model. */
function mostTokens({ size }: Chunking): number {
  return size < defaultChunking.size ? size : maxContentTokens;
}

/**
 * The changes of the vector stores for new chunks and a changed graph (contract §9.3). Texts with a current vector are not embedded again.
 */
export async function vectorChanges(
  chunks: readonly Chunk[],
  stage: KnowledgeStage,
  context: VectorContext,
): Promise<Change[]> {
  const { wanted, gone } = affectedVectors(chunks, stage, (text) =>
    context.tokenizer.truncate(text, mostTokens(context.chunking)),
  );
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

/** Cuts a text to the model's limit. */
type Bounded = (text: string) => string;

function affectedVectors(
  chunks: readonly Chunk[],
  stage: KnowledgeStage,
  bounded: Bounded,
): { wanted: WantedVector[]; gone: { store: VectorStoreName; id: string }[] } {
  const wanted = chunks.map(chunkVector);
  const gone: { store: VectorStoreName; id: string }[] = [];
  for (const [name, entity] of stage.stagedEntities()) {
    if (entity === null) gone.push({ store: "entities", id: entityVectorId(name) });
    else wanted.push(entityVector(name, entity, bounded));
  }
  for (const { source, target, attributes } of stage.stagedRelations()) {
    if (attributes === null) gone.push(...relationVectorIds(source, target));
    else wanted.push(relationVector(source, target, attributes, bounded));
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

function entityVector(name: string, entity: EntityAttributes, bounded: Bounded): WantedVector {
  const content = bounded(`${name}\n${entity.description}`);
  const payload = { entity_name: name, content, source_id: entity.source_id, file_path: entity.file_path };
  return { store: "entities", id: entityVectorId(name), payload };
}

function relationVector(
  source: string,
  target: string,
  relation: RelationAttributes,
  bounded: Bounded,
): WantedVector {
  const [first, second] = orderedPair(source, target);
  const text = `${relation.keywords}\t${first}\n${second}\n${relation.description}`;
  const content = bounded(text);
  const { source_id, file_path } = relation;
  const payload = { src_id: first, tgt_id: second, content, source_id, file_path };
  return { store: "relationships", id: relationVectorId(source, target), payload };
}

/** An old import may have stored the pair in reverse order. */
function relationVectorIds(source: string, target: string): { store: VectorStoreName; id: string }[] {
  return [source + target, target + source].map((pair) => ({
    store: "relationships",
    id: `rel-${md5Hex(pair)}`,
  }));
}
