import { join } from "node:path";
import { expect, test } from "vitest";
import { chunkStore, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import type { StoreReaders } from "../storage/readers.ts";
import type { EntityVectorPayload } from "../storage/records.ts";
import { VectorStore } from "../storage/vector-store.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { storesWithin } from "./stores-within.ts";

const here = Float32Array.of(1, 0);

/** Three memories, the last of which is farthest from `here`, each with an entity of its own. */
function threeMemories(): StoreReaders {
  const vectors = <Payload extends object>(payloadOf: (id: string) => Payload) => {
    const store = atOnce(VectorStore.open<Payload>(join(temporaryFolder(), "vdb_test.json"), 2));
    for (const [at, id] of ["a", "b", "c"].entries())
      store.set(id, payloadOf(id), Float32Array.of(3 - at, at), 1);
    return store;
  };
  const chunks = Object.fromEntries(
    ["a", "b", "c"].map((id) => [id, memoryChunk(id, "2024-05-01T10:00:00Z", id)]),
  );
  return {
    chunks: chunkStore(chunks),
    chunkVectors: vectors(() => ({})),
    entityVectors: vectors((id): Partial<EntityVectorPayload> => ({ entity_name: `entity ${id}` })),
    relationVectors: vectors((id) => ({ src_id: id, tgt_id: "x" })),
    entityChunks: { get: (name: string) => ({ chunk_ids: [name.replace("entity ", "")], count: 1 }) },
    relationChunks: { get: (key: string) => ({ chunk_ids: [String(key.split("<SEP>")[0])], count: 1 }) },
  } as unknown as StoreReaders;
}

test("the nearest are those within, however many others are nearer", () => {
  const stores = threeMemories();
  const index = atOnce(ChunkIndex.of(stores.chunks));
  const within = storesWithin(stores, index, new Map([["c@CTX1.md", "whole"]]));
  for (const store of [within.chunkVectors, within.entityVectors, within.relationVectors])
    expect(atOnce(store.nearest(here, 1, -1)).map(({ id }) => id)).toEqual(["c"]);
  const nothing = storesWithin(stores, index, new Map());
  expect(atOnce(nothing.chunkVectors.nearest(here, 1, -1))).toEqual([]);
});
