import type { Findings, KnowledgeQuery, QueryKeywords, QueryMode } from "../../knowledge-reader.ts";
import type { ChatModel, EmbeddingModel } from "../models/models.ts";
import type { SearchedStores, StoreReaders } from "../storage/readers.ts";
import { answerFrom } from "./answer.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { keywordsOf } from "./keywords.ts";
import { entitiesIn, toRelation } from "./look-up.ts";
import { type GraphEvidence, type RankedChunks, rankChunks } from "./rank-chunks.ts";
import { type GraphFindings, searchGraph } from "./search-graph.ts";
import { storesWithin } from "./stores-within.ts";

export interface QueryModels {
  embedding: EmbeddingModel;
  /** Finds keywords and answers; without it keywords come from the offline extractor, and there is no answer. */
  chat?: ChatModel | undefined;
}

/** Retrieves what is relevant to a question, in LightRAG's mode, and answers it if requested and possible. */
export async function retrieve(
  stores: StoreReaders,
  index: ChunkIndex,
  models: QueryModels,
  query: KnowledgeQuery,
  signal: AbortSignal,
): Promise<Findings> {
  const { question, mode, topK, chunkTopK, within } = query;
  const searched = within === undefined ? stores : storesWithin(stores, index, await within.all(signal));
  const keywords = await keywordsOf(question, models.chat, signal);
  const texts = [question, ...searchTexts(question, keywords, models.chat !== undefined)];
  const [vector, low, high] = (await models.embedding.embed(texts, signal)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const graph = searchGraph(searched, mode, { keywords, low, high }, topK);
  const ranked = {
    chunkVectors: searched.chunkVectors,
    has: within && searched.chunks.has,
    isShown: withinReach(mode, graph.evidence),
    limit: chunkTopK,
  };
  const chunkIds = rankChunks(index, ranked, { text: question, vector }, graph.evidence);
  const found = { ...graphKnowledge(searched, graph), chunks: chunksOf(searched, chunkIds) };
  const chat = query.answer ? models.chat : undefined;
  const answer = chat === undefined ? null : await answerFrom(question, found, chat, signal);
  return { keywords, ...found, answer };
}

/** Keywords chosen by a model replace the question; those of the offline extractor only emphasise parts of it. */
function searchTexts(question: string, { low, high }: QueryKeywords, byModel: boolean): string[] {
  return [low, high].map((keywords) =>
    byModel ? keywords.join(", ") || question : [...keywords, question].join(" "),
  );
}

/** `local`, `global` and `hybrid` show only chunks that the graph led to; the other modes consider all of them. */
function withinReach(mode: QueryMode, evidence: readonly GraphEvidence[]): RankedChunks["isShown"] {
  if (mode === "naive" || mode === "mix") return undefined;
  return (id) => evidence.some((chunks) => chunks.has(id));
}

function graphKnowledge(
  { graph }: SearchedStores,
  found: GraphFindings,
): Pick<Findings, "entities" | "relations"> {
  return {
    entities: entitiesIn(graph, found.entities),
    relations: found.relations.flatMap(([source, target]) => {
      const attributes = graph.relation(source, target);
      return attributes === undefined ? [] : [toRelation({ source, target, attributes })];
    }),
  };
}

function chunksOf({ chunks }: SearchedStores, ids: readonly string[]): Findings["chunks"] {
  return ids.flatMap((id) => {
    const record = chunks.get(id);
    return record === undefined ? [] : [{ id, text: record.content, fileSource: record.file_path }];
  });
}
