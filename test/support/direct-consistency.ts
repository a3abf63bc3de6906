import { expect } from "vitest";
import { entityVectorId, relationVectorId } from "../../src/sinks/lightrag/embedded/storage/keys.ts";
import type { StoreReaders } from "../../src/sinks/lightrag/embedded/storage/readers.ts";

/** What holds in every folder of direct mode, whatever happened to it: no store speaks of what another does not have. */
export function expectConsistent(stores: StoreReaders): void {
  const { graph, chunks, documents, documentStatus } = stores;
  const processed = [...documentStatus.keys()].filter((id) => documentStatus.get(id)?.status === "processed");
  const listed = processed.flatMap((id) => documentStatus.get(id)?.chunks_list ?? []);
  expect([...documents.keys()].toSorted(), "documents").toEqual([...documentStatus.keys()].toSorted());
  expect([...chunks.keys()].toSorted(), "chunks").toEqual(listed.toSorted());
  expect(
    [...chunks.keys()].filter((id) => !stores.chunkVectors.has(id)),
    "chunks without a vector",
  ).toEqual([]);
  expect(stores.chunkVectors.size).toBe(chunks.size);

  const names = [...graph.names()];
  expect(
    names.filter((name) => !stores.entityVectors.has(entityVectorId(name))),
    "entities without a vector",
  ).toEqual([]);
  expect(stores.entityVectors.size).toBe(names.length);
  expect([...stores.entityChunks.keys()].toSorted(), "provenance of entities").toEqual(names.toSorted());

  const relations = [...graph.relations()];
  const withoutVector = relations.filter(
    (it) => !stores.relationVectors.has(relationVectorId(it.source, it.target)),
  );
  expect(withoutVector, "relations without a vector").toEqual([]);
  expect(stores.relationVectors.size).toBe(relations.length);
  expect(stores.relationChunks.size).toBe(relations.length);

  const sources = [
    ...names.map((name) => graph.entity(name)?.source_id ?? ""),
    ...relations.map(({ attributes }) => attributes.source_id),
  ].flatMap((joined) => joined.split("<SEP>"));
  expect(
    [...new Set(sources)].filter((id) => !chunks.has(id)),
    "sources that are gone",
  ).toEqual([]);
}
