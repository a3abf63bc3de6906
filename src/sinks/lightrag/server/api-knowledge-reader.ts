import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { documentIdOf } from "../document-id.ts";
import {
  type DocumentChunks,
  type DocumentEntities,
  type EntityView,
  type Findings,
  type KnowledgeAnswer,
  type KnowledgeGraph,
  type KnowledgeQuery,
  type KnowledgeReader,
  type QueryFilter,
  stretchOf,
  wholeLists,
} from "../knowledge-reader.ts";
import { chunkIdsIn } from "../stored-lists.ts";
import {
  answerAnswer,
  chunksAreCut,
  type GraphAnswer,
  graphAnswer,
  labelsAnswer,
  originOf,
  type QueryData,
  queryDataAnswer,
  toEntity,
  toGraph,
  toGraphEntity,
  toGraphRelation,
  toRelation,
} from "./knowledge-wire.ts";
import { chunksNamedIn } from "./named-chunks.ts";
import { answerWithin, closedQuestion, findingsWithin, wideSearch } from "./query-within.ts";
import type { Session } from "./session.ts";

/** LightRAG refuses shorter ones (LightRAG contract §6.1). Characters. */
const shortestQuestion = 3;
/** For an answer the language model is called twice: for keywords and for the text. Milliseconds. */
const answerTimeoutMs = 240_000;
/** More than any server shows; the server's own `MAX_GRAPH_NODES` applies. */
const allNodes = 1_000_000;
const wholeGraph = { label: "*", max_depth: 1 };

/** Reads the knowledge of a LightRAG server. */
export class ApiKnowledgeReader implements KnowledgeReader {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async query(query: KnowledgeQuery, signal: AbortSignal): Promise<Findings> {
    if ([...query.question.trim()].length < shortestQuestion) {
      throw new ConnectorError("QUESTION_TOO_SHORT", "LightRAG takes no question of fewer than 3 characters");
    }
    if (query.within !== undefined) return this.#queryWithin(query, query.within, signal);
    const found = await this.#find(asking(query), signal);
    const canAnswer = query.answer && found.chunks.length > 0;
    return { ...found, answer: canAnswer ? await this.#answer(query, signal) : null };
  }

  /**
   * LightRAG can restrict neither its search nor what it shows its model. So it is asked for much more than is needed, and its model for an
   * answer from what is left of that.
   */
  async #queryWithin(query: KnowledgeQuery, filter: QueryFilter, signal: AbortSignal): Promise<Findings> {
    const wide = await this.#find(askingWidely(query), signal);
    const found = await findingsWithin(wide, query, filter, signal);
    if (!query.answer || found.chunks.length === 0) return { ...found, answer: null };
    const json = { query: closedQuestion(query.question, found), mode: "bypass" };
    const request = { ...asking(query), path: ["query"], json };
    const { response } = await this.#session.read(request, answerAnswer, signal);
    return { ...found, answer: answerWithin(response, found) };
  }

  async #find(asked: ReturnType<typeof asking>, signal: AbortSignal): Promise<Omit<Findings, "answer">> {
    const request = { ...asked, path: ["query", "data"] };
    const { data, metadata } = await this.#session.read(request, queryDataAnswer, signal);
    const { high_level: high = [], low_level: low = [] } = metadata?.keywords ?? {};
    return { keywords: { high, low }, ...toFindings(data) };
  }

  async entity(name: string, signal: AbortSignal, stretch = wholeLists): Promise<EntityView | null> {
    const answer = await this.#graph({ label: name, max_depth: 1 }, signal);
    const node = answer.nodes.find(({ id }) => id === name);
    if (node === undefined) return null;
    const entity = toGraphEntity(node);
    const relations = answer.edges
      .map(toGraphRelation)
      .filter(({ source, target }) => source === name || target === name);
    const isCut = answer.is_truncated === true || chunksAreCut(node);
    const chunkIds = chunkIdsIn(node.properties.source_id ?? "");
    const longest = Math.max(entity.fileSources.length, relations.length, chunkIds.length);
    return {
      entity: { ...entity, fileSources: stretchOf(entity.fileSources, stretch) },
      relations: stretchOf(
        relations.toSorted((a, b) => b.weight - a.weight),
        stretch,
      ),
      chunkIds: stretchOf(chunkIds, stretch),
      counts: { relations: relations.length, chunks: chunkIds.length },
      hasMore: longest > stretch.from + stretch.limit,
      complete: !isCut && ![entity, ...relations].some((each) => each.isCut),
    };
  }

  async findNames(part: string, limit: number, signal: AbortSignal): Promise<string[]> {
    const path = ["graph", "label", "search"];
    const request = { method: "GET", path, query: { q: part, limit } } as const;
    return this.#session.read(request, labelsAnswer, signal);
  }

  /** LightRAG has no look-up by document: the graph is read and filtered. */
  async entitiesOf(fileSource: string, signal: AbortSignal): Promise<DocumentEntities> {
    const answer = await this.#graph(wholeGraph, signal);
    const document = { fileSource, documentId: documentIdOf("1.5", { fileSource, text: "" }) };
    const byOrigin = Map.groupBy(answer.nodes, (node) => originOf(node, document));
    return {
      entities: (byOrigin.get("yes") ?? []).map(toGraphEntity),
      complete: answer.is_truncated !== true && !byOrigin.has("perhaps"),
    };
  }

  /** LightRAG tells only the beginning of a document. */
  async textOf(): Promise<string | null> {
    return null;
  }

  /** LightRAG has no look-up of chunks: those are known that its graph names. */
  async chunksOf(fileSource: string, signal: AbortSignal): Promise<DocumentChunks> {
    const answer = await this.#graph(wholeGraph, signal);
    return chunksNamedIn(answer, { fileSource, documentId: documentIdOf("1.5", { fileSource, text: "" }) });
  }

  async graph(signal: AbortSignal): Promise<KnowledgeGraph> {
    return toGraph(await this.#graph(wholeGraph, signal));
  }

  #graph(query: { label: string; max_depth: number }, signal: AbortSignal): Promise<GraphAnswer> {
    const request = { method: "GET", path: ["graphs"], query: { ...query, max_nodes: allNodes } } as const;
    return this.#session.read(request, graphAnswer, signal);
  }

  /** Null when LightRAG's model failed: it then answers with 200 and no content (LightRAG contract §6.2). */
  async #answer(query: KnowledgeQuery, signal: AbortSignal): Promise<KnowledgeAnswer | null> {
    const request = { ...asking(query), path: ["query"] };
    const { response, references } = await this.#session.read(request, answerAnswer, signal);
    const fileSources = (references ?? []).map(({ file_path }) => file_path);
    return fileSources.length === 0 ? null : { text: response, fileSources };
  }
}

function asking({ question, mode, topK, chunkTopK }: KnowledgeQuery) {
  const json = { query: question, mode, top_k: topK, chunk_top_k: chunkTopK, include_references: true };
  return { method: "POST" as const, json, attemptTimeoutMs: answerTimeoutMs };
}

function askingWidely(query: KnowledgeQuery) {
  const { topK, chunkTopK, budget } = wideSearch;
  const wide = { topK: Math.max(topK, query.topK), chunkTopK: Math.max(chunkTopK, query.chunkTopK) };
  const { json, ...request } = asking({ ...query, ...wide });
  const budgets = { max_entity_tokens: budget, max_relation_tokens: budget, max_total_tokens: budget };
  // To rerank so much would cost more than it brings: most of it is left out.
  return { ...request, json: { ...json, ...budgets, enable_rerank: false } };
}

function toFindings({
  entities,
  relationships,
  chunks,
}: QueryData["data"]): Omit<Findings, "keywords" | "answer"> {
  return {
    entities: entities.map(toEntity),
    relations: relationships.map(toRelation),
    chunks: chunks.map(({ chunk_id, content, file_path }) => ({
      id: chunk_id ?? "",
      text: content,
      fileSource: file_path ?? "",
    })),
  };
}
