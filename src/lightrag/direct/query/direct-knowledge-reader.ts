import { documentIdOf } from "../../document-id.ts";
import type {
  Findings,
  KnowledgeEntity,
  KnowledgeGraph,
  KnowledgeQuery,
  KnowledgeReader,
  KnowledgeRelation,
} from "../../knowledge-reader.ts";
import type { StoreReaders } from "../storage/readers.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { type QueryModels, retrieve } from "./retrieve.ts";
import { toEntity, toRelation } from "./stored-knowledge.ts";

/** Reads the knowledge of a folder of direct mode. */
export class DirectKnowledgeReader implements KnowledgeReader {
  readonly #stores: StoreReaders;
  readonly #models: QueryModels;
  #kept: { revision: number; index: ChunkIndex } | undefined;

  constructor(stores: StoreReaders, models: QueryModels) {
    this.#stores = stores;
    this.#models = models;
  }

  query(query: KnowledgeQuery, signal: AbortSignal): Promise<Findings> {
    return retrieve(this.#stores, this.#chunkIndex(), this.#models, query, signal);
  }

  async entity(name: string): Promise<{ entity: KnowledgeEntity; relations: KnowledgeRelation[] } | null> {
    const entity = this.#entity(name);
    if (entity === undefined) return null;
    const relations = this.#stores.graph.relationsOf(name).map(toRelation);
    return { entity, relations: relations.sort((a, b) => b.weight - a.weight) };
  }

  async findNames(part: string, limit: number): Promise<string[]> {
    const lower = part.toLowerCase();
    const { graph } = this.#stores;
    return [...graph.names()]
      .filter((name) => name.toLowerCase().includes(lower))
      .sort((a, b) => graph.degree(b) - graph.degree(a))
      .slice(0, limit);
  }

  async entitiesOf(fileSource: string): Promise<KnowledgeEntity[]> {
    const record = this.#stores.documentEntities.get(documentIdOf("1.5", { fileSource, text: "" }));
    return (record?.entity_names ?? []).flatMap((name) => this.#entity(name) ?? []);
  }

  async graph(): Promise<KnowledgeGraph> {
    const { graph } = this.#stores;
    return {
      entities: [...graph.names()].flatMap((name) => this.#entity(name) ?? []),
      relations: [...graph.relations()].map(toRelation),
      complete: true,
    };
  }

  /** Made anew only when a chunk has changed. */
  #chunkIndex(): ChunkIndex {
    const { revision } = this.#stores.chunks;
    if (this.#kept?.revision !== revision)
      this.#kept = { revision, index: ChunkIndex.of(this.#stores.chunks) };
    return this.#kept.index;
  }

  #entity(name: string): KnowledgeEntity | undefined {
    const attributes = this.#stores.graph.entity(name);
    return attributes && toEntity(name, attributes);
  }
}
