import { combineAnswers } from "../extraction/combine-answers.ts";
import type { ParsedAnswer } from "../extraction/parse-answer.ts";
import { parseAnswer } from "../extraction/parse-json-answer.ts";
import type { MergeContext } from "../merge/merge-document.ts";
import { type Contribution, purgeKnowledge } from "../merge/purge-knowledge.ts";
import type { Change } from "../storage/changes.ts";
import { pairKey } from "../storage/keys.ts";
import type { KvReader, StoreReaders } from "../storage/readers.ts";
import { type CachedAnswerRecord, type ChunkRecord, fieldSeparator } from "../storage/records.ts";
import { removeRecord } from "./document-records.ts";

/** Chunks whose statements are kept at hand: those of an element's remaining documents are asked for by its relations as well. */
const keptStatements = 4_000;

/**
 * Removes documents from the staged graph, and returns the changes of their records: their chunks, the vectors and cached answers of
 * these, and their contribution lists. What several of them support is rebuilt once. The documents themselves are kept.
 */
export async function purgeChanges(
  documentIds: readonly string[],
  stores: StoreReaders,
  context: MergeContext,
): Promise<Change[]> {
  const contribution = contributionOf(documentIds, stores);
  const known = new Map<string, ParsedAnswer | undefined>();
  const statements = (chunkId: string) => {
    if (known.has(chunkId)) return known.get(chunkId);
    const found = statementsOf(chunkId, stores);
    if (known.size === keptStatements) known.clear();
    known.set(chunkId, found);
    return found;
  };
  await purgeKnowledge(contribution, { ...context, statements });
  return [
    ...contribution.chunkIds.flatMap((chunkId) => chunkRemovals(chunkId, stores)),
    ...documentIds.flatMap((id) => [removeRecord("full_entities", id), removeRecord("full_relations", id)]),
  ];
}

/** What any of the documents contributed to, each element once. */
function contributionOf(documentIds: readonly string[], stores: StoreReaders): Contribution {
  const [listed, unlisted] = [true, false].map((isListed) =>
    documentIds.filter((id) => hasLists(id, stores) === isListed),
  ) as [string[], string[]];
  const searched = searchContribution(chunkIdsOf(unlisted, stores), stores);
  const names = listed.flatMap((id) => stores.documentEntities.get(id)?.entity_names ?? []);
  const pairs = listed.flatMap((id) => stores.documentRelations.get(id)?.relation_pairs ?? []);
  const relations = [...pairs, ...searched.relations];
  return {
    chunkIds: chunkIdsOf(documentIds, stores),
    entities: [...new Set([...names, ...searched.entities])],
    relations: [...new Map(relations.map((pair) => [pairKey(...pair), pair])).values()],
  };
}

function hasLists(documentId: string, { documentEntities, documentRelations }: StoreReaders): boolean {
  return documentEntities.get(documentId) !== undefined && documentRelations.get(documentId) !== undefined;
}

function chunkIdsOf(documentIds: readonly string[], { documentStatus }: StoreReaders): string[] {
  return [...new Set(documentIds.flatMap((id) => documentStatus.get(id)?.chunks_list ?? []))];
}

/** Folders of older servers, or ones that were repaired by hand, may lack the lists: then everything is searched. */
function searchContribution(
  chunkIds: readonly string[],
  stores: StoreReaders,
): Pick<Contribution, "entities" | "relations"> {
  const gone = new Set(chunkIds);
  if (gone.size === 0) return { entities: [], relations: [] };
  const speaksOf = (ids: readonly string[] | undefined) => ids?.some((id) => gone.has(id)) ?? false;
  const entities = [...stores.graph.names()].filter((name) => {
    const noted = stores.entityChunks.get(name)?.chunk_ids;
    return speaksOf(noted) || speaksOf(stores.graph.entity(name)?.source_id.split(fieldSeparator));
  });
  const relations = entities
    .flatMap((name) => stores.graph.relationsOf(name))
    .map(({ source, target }): [string, string] => [source, target]);
  return { entities, relations };
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
