import { SerialQueue } from "../../../../kernel/util/serial-queue.ts";
import { documentIdOf } from "../../document-id.ts";
import {
  type DocumentChunks,
  type DocumentEntities,
  type EntityView,
  type Findings,
  type KnowledgeGraph,
  type KnowledgeQuery,
  type KnowledgeReader,
  stretchOf,
  wholeLists,
} from "../../knowledge-reader.ts";
import type { StoreReaders } from "../storage/readers.ts";
import { CurrentIndex } from "./current-index.ts";
import {
  chunkIdsOfEntity,
  chunksOfDocument,
  entitiesIn,
  entitiesOfDocument,
  entityIn,
  fileSourcesOf,
  toRelation,
} from "./look-up.ts";
import { type QueryModels, retrieve, type Searching } from "./retrieve.ts";

/** Reads the knowledge of a folder of direct mode. */
export class DirectKnowledgeReader implements KnowledgeReader {
  readonly #stores: StoreReaders;
  readonly #searching: Searching;

  constructor(stores: StoreReaders, models: QueryModels) {
    this.#stores = stores;
    this.#searching = { stores, models, index: new CurrentIndex(stores.chunks), line: new SerialQueue() };
  }

  query(query: KnowledgeQuery, signal: AbortSignal): Promise<Findings> {
    return retrieve(this.#searching, query, signal);
  }

  async entity(name: string, _signal?: AbortSignal, stretch = wholeLists): Promise<EntityView | null> {
    const { graph } = this.#stores;
    const entity = entityIn(graph, name);
    if (entity === undefined) return null;
    const chunkIds = chunkIdsOfEntity(this.#stores, name);
    const relations = graph.relationsOf(name).toSorted((a, b) => b.attributes.weight - a.attributes.weight);
    return {
      entity: { ...entity, fileSources: fileSourcesOf(this.#stores, chunkIds, stretch), isCut: false },
      relations: stretchOf(relations, stretch).map(toRelation),
      chunkIds: stretchOf(chunkIds, stretch),
      counts: { relations: relations.length, chunks: chunkIds.length },
      hasMore: Math.max(chunkIds.length, relations.length) > stretch.from + stretch.limit,
      complete: true,
    };
  }

  async findNames(part: string, limit: number): Promise<string[]> {
    const lower = part.toLowerCase();
    const { graph } = this.#stores;
    return [...graph.names()]
      .filter((name) => name.toLowerCase().includes(lower))
      .sort((a, b) => graph.degree(b) - graph.degree(a))
      .slice(0, limit);
  }

  async entitiesOf(fileSource: string): Promise<DocumentEntities> {
    const names = entitiesOfDocument(this.#stores, documentIdOf("1.5", { fileSource, text: "" }));
    return { entities: entitiesIn(this.#stores.graph, names), complete: true };
  }

  async textOf(fileSource: string): Promise<string | null> {
    return this.#stores.documents.get(documentIdOf("1.5", { fileSource, text: "" }))?.content ?? null;
  }

  async chunksOf(fileSource: string): Promise<DocumentChunks> {
    const documentId = documentIdOf("1.5", { fileSource, text: "" });
    return { chunks: chunksOfDocument(this.#stores, documentId), isTold: true, complete: true };
  }

  async graph(): Promise<KnowledgeGraph> {
    const { graph } = this.#stores;
    const relations = [...graph.relations()].map(toRelation);
    return { entities: entitiesIn(graph, graph.names()), relations, complete: true };
  }
}
