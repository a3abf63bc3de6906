import { combineAnswers } from "../extraction/combine-answers.ts";
import type { ParsedAnswer } from "../extraction/parse-answer.ts";
import { parseAnswer } from "../extraction/parse-json-answer.ts";
import type { MergeContext } from "../merge/merge-document.ts";
import { type Contribution, purgeKnowledge } from "../merge/purge-knowledge.ts";
import type { Change } from "../storage/changes.ts";
import type { KvReader, StoreReaders } from "../storage/readers.ts";
import { type CachedAnswerRecord, type ChunkRecord, fieldSeparator } from "../storage/records.ts";
import { removeRecord } from "./document-records.ts";

/**
 * Removes a document from the staged graph, and returns the changes of its records: its chunks, their vectors and cached answers,
 * and its contribution lists. The document itself is kept.
 */
export async function purgeChanges(
  documentId: string,
  stores: StoreReaders,
  context: MergeContext,
): Promise<Change[]> {
  const contribution = contributionOf(documentId, stores);
  const known = new Map<string, ParsedAnswer | undefined>();
  const statements = (chunkId: string) => {
    if (!known.has(chunkId)) known.set(chunkId, statementsOf(chunkId, stores));
    return known.get(chunkId);
  };
  await purgeKnowledge(contribution, { ...context, statements });
  return [
    ...contribution.chunkIds.flatMap((chunkId) => chunkRemovals(chunkId, stores)),
    removeRecord("full_entities", documentId),
    removeRecord("full_relations", documentId),
  ];
}

function contributionOf(documentId: string, stores: StoreReaders): Contribution {
  const chunkIds = stores.documentStatus.get(documentId)?.chunks_list ?? [];
  const entities = stores.documentEntities.get(documentId)?.entity_names;
  const relations = stores.documentRelations.get(documentId)?.relation_pairs;
  if (entities !== undefined && relations !== undefined) return { chunkIds, entities, relations };
  return searchContribution(chunkIds, stores);
}

/** Folders of older servers, or ones that were repaired by hand, may lack the lists: then everything is searched. */
function searchContribution(chunkIds: readonly string[], stores: StoreReaders): Contribution {
  const gone = new Set(chunkIds);
  const speaksOf = (ids: readonly string[] | undefined) => ids?.some((id) => gone.has(id)) ?? false;
  const entities = [...stores.graph.names()].filter((name) => {
    const noted = stores.entityChunks.get(name)?.chunk_ids;
    return speaksOf(noted) || speaksOf(stores.graph.entity(name)?.source_id.split(fieldSeparator));
  });
  const relations = entities
    .flatMap((name) => stores.graph.relationsOf(name))
    .map(({ source, target }): [string, string] => [source, target]);
  return { chunkIds, entities, relations };
}

function chunkRemovals(chunkId: string, stores: StoreReaders): Change[] {
  const answers = (stores.chunks.get(chunkId)?.llm_cache_list ?? []).filter(
    (key) => stores.answers.get(key)?.chunk_id === chunkId,
  );
  return [
    ...answers.map((key) => removeRecord("llm_response_cache", key)),
    removeRecord("text_chunks", chunkId),
    { kind: "vector", store: "chunks", id: chunkId, entry: null },
  ];
}

interface CachedStores {
  chunks: KvReader<ChunkRecord>;
  answers: KvReader<CachedAnswerRecord>;
}

/**
 * The statements of a stored chunk, parsed from its cached answers. Undefined when the chunk is gone or has no cached answer, as in
 * folders whose cache was cleared.
 */
function statementsOf(chunkId: string, { chunks, answers }: CachedStores): ParsedAnswer | undefined {
  const chunk = chunks.get(chunkId);
  const cached = (chunk?.llm_cache_list ?? [])
    .map((key) => answers.get(key))
    .filter((answer) => answer?.cache_type === "extract" && answer.chunk_id === chunkId)
    .filter((answer) => answer !== undefined)
    .toSorted((a, b) => (a.create_time ?? 0) - (b.create_time ?? 0));
  if (chunk === undefined || cached.length === 0) return undefined;
  return combineAnswers(
    cached.map((answer) => parseAnswer(answer.return, { chunkId, fileSource: chunk.file_path })),
  );
}
