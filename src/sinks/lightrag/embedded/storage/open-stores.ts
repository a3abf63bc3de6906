import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inTurns } from "../../../../kernel/util/pieces.ts";
import type { KvStoreName, ProvenanceStoreName, VectorStoreName } from "./changes.ts";
import { readingFolder } from "./folder-errors.ts";
import type { FileMarks } from "./foreign-writers.ts";
import { GraphStore } from "./graph-store.ts";
import { KvStore } from "./kv-store.ts";
import { ProvenanceStore } from "./provenance-store.ts";
import type { StoreReaders } from "./readers.ts";
import type {
  CachedAnswerRecord,
  ChunkRecord,
  ChunkVectorPayload,
  DocumentEntitiesRecord,
  DocumentRelationsRecord,
  DocumentStatusRecord,
  EntityVectorPayload,
  FullDocumentRecord,
  RelationVectorPayload,
} from "./records.ts";
import type { StoredFile } from "./replacement-file.ts";
import { VectorStore } from "./vector-store.ts";

/** Every store of a folder. */
export interface Stores extends StoreReaders {
  readonly documents: KvStore<FullDocumentRecord>;
  readonly documentStatus: KvStore<DocumentStatusRecord>;
  readonly chunks: KvStore<ChunkRecord>;
  readonly documentEntities: KvStore<DocumentEntitiesRecord>;
  readonly documentRelations: KvStore<DocumentRelationsRecord>;
  readonly answers: KvStore<CachedAnswerRecord>;
  readonly entityChunks: ProvenanceStore;
  readonly relationChunks: ProvenanceStore;
  readonly chunkVectors: VectorStore<ChunkVectorPayload>;
  readonly entityVectors: VectorStore<EntityVectorPayload>;
  readonly relationVectors: VectorStore<RelationVectorPayload>;
  readonly graph: GraphStore;
}

/**
 * Opens the files that LightRAG's default storages keep in a folder (contract §9.1); missing ones are empty stores, other files are
 * ignored. Throws `DIRECT_FOLDER_DAMAGED`, and the signal's reason.
 */
export async function openStores(
  folder: string,
  dimension: number,
  marks: FileMarks,
  signal?: AbortSignal,
): Promise<Stores> {
  const opened: StoredFile[] = [];
  const open = async <Store extends StoredFile>(
    name: string,
    read: (path: string) => Store | Promise<Store>,
  ): Promise<Store> => {
    await nextTurn();
    signal?.throwIfAborted();
    const path = join(folder, name);
    marks.note(path);
    const store = await readingFolder(path, read);
    opened.push(store);
    return store;
  };
  try {
    return await openEach(open, dimension, signal);
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
}

type Open = <Store extends StoredFile>(
  name: string,
  read: (path: string) => Store | Promise<Store>,
) => Promise<Store>;

async function openEach(open: Open, dimension: number, signal?: AbortSignal): Promise<Stores> {
  const kv = <Value extends object>(name: KvStoreName, ...fields: (keyof Value & string)[]) =>
    open(`kv_store_${name}.json`, (path) => inTurns(KvStore.open<Value>(path, fields), signal));
  const intern = makeIntern();
  const provenance = (name: ProvenanceStoreName) =>
    open(`kv_store_${name}.json`, (path) => inTurns(ProvenanceStore.open(path, intern), signal));
  const vectors = <Payload extends object>(name: VectorStoreName) =>
    open(`vdb_${name}.json`, (path) => inTurns(VectorStore.open<Payload>(path, dimension), signal));
  return {
    documents: await kv("full_docs", "content", "file_path"),
    documentStatus: await kv("doc_status", "status", "content_summary", "file_path"),
    chunks: await kv("text_chunks", "content", "full_doc_id", "file_path"),
    documentEntities: await kv("full_entities", "entity_names"),
    documentRelations: await kv("full_relations", "relation_pairs"),
    answers: await kv("llm_response_cache", "return"),
    entityChunks: await provenance("entity_chunks"),
    relationChunks: await provenance("relation_chunks"),
    chunkVectors: await vectors("chunks"),
    entityVectors: await vectors("entities"),
    relationVectors: await vectors("relationships"),
    graph: await open("graph_chunk_entity_relation.graphml", GraphStore.open),
  };
}

/** The stores as files, in the order in which they are written. */
export function storedFiles(stores: Stores): StoredFile[] {
  return Object.values(stores);
}

/** Interns strings, because each chunk id is in the list of every name that its chunk mentions. */
function makeIntern(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const existing = known.get(text);
    if (existing !== undefined) return existing;
    known.set(text, text);
    return text;
  };
}
