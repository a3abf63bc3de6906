import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { documentIdOf } from "../document-id.ts";
import type {
  DocumentEntities,
  EntityView,
  Findings,
  KnowledgeAnswer,
  KnowledgeGraph,
  KnowledgeQuery,
  KnowledgeReader,
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
    const request = { ...asking(query), path: ["query", "data"] };
    const { data, metadata } = await this.#session.read(request, queryDataAnswer, signal);
    const { high_level: high = [], low_level: low = [] } = metadata?.keywords ?? {};
    const found = { keywords: { high, low }, ...toFindings(data) };
    const canAnswer = query.answer && found.chunks.length > 0;
    return { ...found, answer: canAnswer ? await this.#answer(query, signal) : null };
  }

  async entity(name: string, signal: AbortSignal): Promise<EntityView | null> {
    const answer = await this.#graph({ label: name, max_depth: 1 }, signal);
    const node = answer.nodes.find(({ id }) => id === name);
    if (node === undefined) return null;
    const entity = toGraphEntity(node);
    const relations = answer.edges
      .map(toGraphRelation)
      .filter(({ source, target }) => source === name || target === name);
    const isCut = answer.is_truncated === true || chunksAreCut(node);
    return {
      entity,
      relations: relations.toSorted((a, b) => b.weight - a.weight),
      chunkIds: chunkIdsIn(node.properties.source_id ?? ""),
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
