import { isDeepStrictEqual } from "node:util";
import { atOnce } from "../../../src/kernel/util/pieces.ts";
import { Folder } from "../../../src/sinks/lightrag/embedded/storage/folder.ts";
import type {
  KvReader,
  StoreReaders,
  VectorReader,
} from "../../../src/sinks/lightrag/embedded/storage/readers.ts";

type Rows = Record<string, unknown>;
export type FolderContent = Record<string, Rows>;

/**
 * What two implementations of indexing must agree on, store by store and row by row. Left out, with the reason:
 * - `create_time`, `update_time`, `created_at`, `updated_at`, `*_time`: when a row was written;
 * - `track_id`: made up anew for each delivery;
 * - the keys in `llm_cache_list` and the cache itself: they are digests of prompts, and ours have another wording; how many there are counts.
 */
export async function folderContent(path: string, dimension: number): Promise<FolderContent> {
  const folder = await Folder.open(path, { id: "openai:scripted-embedding", dimension });
  try {
    return contentOf(folder.stores);
  } finally {
    await folder.abandon();
  }
}

export function contentOf(stores: StoreReaders): FolderContent {
  return {
    nodes: Object.fromEntries(
      [...stores.graph.names()].map((name) => [name, timeless(stores.graph.entity(name))]),
    ),
    edges: Object.fromEntries(
      [...stores.graph.relations()].map(({ source, target, attributes }) => [
        [source, target].toSorted().join(" ~ "),
        timeless(attributes),
      ]),
    ),
    entityChunks: rows(stores.entityChunks),
    relationChunks: rows(stores.relationChunks),
    documents: rows(stores.documents),
    documentStatus: rows(stores.documentStatus),
    documentEntities: rows(stores.documentEntities),
    documentRelations: rows(stores.documentRelations),
    chunks: rows(stores.chunks),
    chunkVectors: vectors(stores.chunkVectors, stores.chunks.keys()),
    entityVectors: vectors(stores.entityVectors, ids(stores.entityVectors)),
    relationVectors: vectors(stores.relationVectors, ids(stores.relationVectors)),
  };
}

function rows(store: KvReader<object>): Rows {
  return Object.fromEntries([...store.keys()].map((key) => [key, timeless(store.get(key))]));
}

function ids(store: VectorReader<object>): string[] {
  return atOnce(store.nearest(new Float32Array(store.dimension).fill(1), store.size, -2)).map(({ id }) => id);
}

function vectors(store: VectorReader<object>, keys: Iterable<string>): Rows {
  return Object.fromEntries(
    [...keys].map((id) => [id, { payload: store.payload(id), vector: store.vector(id) } satisfies VectorRow]),
  );
}

interface VectorRow {
  payload: object | undefined;
  vector: Float32Array | undefined;
}

/** Whether two rows agree. Vectors may differ in the seventh digit: they are normalised by different code. */
export function sameRow(a: unknown, b: unknown): boolean {
  if (!isVectorRow(a) || !isVectorRow(b)) return isDeepStrictEqual(a, b);
  return isDeepStrictEqual(a.payload, b.payload) && isClose(a.vector, b.vector);
}

function isVectorRow(row: unknown): row is VectorRow {
  return typeof row === "object" && row !== null && "vector" in row;
}

function isClose(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): boolean {
  return a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] ?? 0)) < 1e-6);
}

const leftOut = /^(create_time|update_time|created_at|updated_at|.*_time|track_id|_id)$/u;

function timeless(row: object | undefined): unknown {
  return JSON.parse(
    JSON.stringify(row, (key, value) => {
      if (leftOut.test(key)) return undefined;
      return key === "llm_cache_list" ? value.length : value;
    }),
  );
}
