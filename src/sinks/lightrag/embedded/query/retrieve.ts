import { setImmediate as nextTurn } from "node:timers/promises";
import { inTurns, type Pieces } from "../../../../kernel/util/pieces.ts";
import type { SerialQueue } from "../../../../kernel/util/serial-queue.ts";
import type {
  DocumentsWithin,
  Findings,
  KnowledgeQuery,
  QueryKeywords,
  QueryMode,
} from "../../knowledge-reader.ts";
import type { ChatModel, EmbeddingModel } from "../models/models.ts";
import type { SearchedStores, StoreReaders } from "../storage/readers.ts";
import { answerFrom } from "./answer.ts";
import type { CurrentIndex } from "./current-index.ts";
import { keywordsOf } from "./keywords.ts";
import { entitiesIn, toRelation } from "./look-up.ts";
import { type GraphEvidence, type RankedChunks, rankChunks } from "./rank-chunks.ts";
import { type GraphFindings, type GraphQuestion, searchGraph } from "./search-graph.ts";
import { storesWithin } from "./stores-within.ts";

export interface QueryModels {
  embedding: EmbeddingModel;
  /** Finds keywords and answers; without it keywords come from the offline extractor, and there is no answer. */
  chat?: ChatModel | undefined;
}

/** What questions to a folder have in common. */
export interface Searching {
  stores: StoreReaders;
  index: CurrentIndex;
  models: QueryModels;
  /** Those who search wait here: a search keeps the processor busy, so that two side by side would only both be late. */
  line: SerialQueue;
}

/** Retrieves what is relevant to a question, in LightRAG's mode, and answers it if requested and possible. */
export async function retrieve(
  searching: Searching,
  query: KnowledgeQuery,
  signal: AbortSignal,
): Promise<Findings> {
  const { models, line } = searching;
  const { question } = query;
  const within = await query.within?.all(signal);
  const ask = () => keywordsOf(question, models.chat, signal);
  // Without a model the keywords are work of this process too; each question has a turn of its own for it.
  const keywords = await (models.chat === undefined ? line.run(() => nextTurn().then(ask), signal) : ask());
  const texts = [question, ...searchTexts(question, keywords, models.chat !== undefined)];
  const [vector, low, high] = (await models.embedding.embed(texts, signal)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const search = searchFor(searching, query, { within, keywords, vector, low, high });
  const found = await line.run(() => inTurns(search, signal), signal);
  const chat = query.answer ? models.chat : undefined;
  const answer = chat === undefined ? null : await answerFrom(question, found, chat, signal);
  return { keywords, ...found, answer };
}

interface PreparedQuestion extends GraphQuestion {
  within: DocumentsWithin | undefined;
  vector: Float32Array;
}

function* searchFor(
  { stores, index: current }: Searching,
  { question, mode, topK, chunkTopK }: KnowledgeQuery,
  { within, vector, ...prepared }: PreparedQuestion,
): Pieces<Omit<Findings, "keywords" | "answer">> {
  const index = yield* current.get();
  const searched = within === undefined ? stores : storesWithin(stores, index, within);
  const graph = yield* searchGraph(searched, mode, prepared, topK);
  const ranked = {
    chunkVectors: searched.chunkVectors,
    has: within && searched.chunks.has,
    isShown: withinReach(mode, graph.evidence),
    limit: chunkTopK,
  };
  const chunkIds = yield* rankChunks(index, ranked, { text: question, vector }, graph.evidence);
  return { ...graphKnowledge(searched, graph), chunks: chunksOf(searched, chunkIds) };
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
