import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { awkwardName, awkwardNames } from "../../../../../test/support/awkward-names.ts";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { cleanText } from "../../clean-text.ts";
import type { Change } from "./changes.ts";
import { Folder } from "./folder.ts";
import { entityVectorId, pairKey, relationKey, relationVectorId } from "./keys.ts";
import type { RelationAttributes } from "./records.ts";

const embedding = { id: "test", dimension: 4 };

type Pair = readonly [string, string];

/** Two names that a graph can hold: XML has no control characters, and an end is never the other. */
const pairs = fc
  .array(
    fc
      .tuple(awkwardName, awkwardName)
      .map(([a, b]): Pair => [cleanText(a), cleanText(b)])
      .filter(([a, b]) => a !== b && a !== "" && b !== ""),
    { minLength: 1, maxLength: 25 },
  )
  .map((list) => [...new Map(list.map((pair) => [pairKey(...pair), pair])).values()]);

test("whatever names say, every store gives back what was put in, after a crash and after a close", async () => {
  await fc.assert(
    fc.asyncProperty(pairs, async (list) => {
      const path = temporaryFolder();
      const folder = await Folder.open(path, embedding);
      await folder.commit(changesOf(list));
      expectAll(folder, list);
      await reopened(copyOf(path), (crashed) => expectAll(crashed, list));
      await folder.close();
      await reopened(path, (closed) => expectAll(closed, list));
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("whatever names say, deleting one takes its own relations along and no other", async () => {
  await fc.assert(
    fc.asyncProperty(pairs, async (list) => {
      const path = temporaryFolder();
      const folder = await Folder.open(path, embedding);
      await folder.commit(changesOf(list));
      const gone = list[0]?.[0] ?? "";
      await folder.commit(removalOf(gone));
      const left = list.filter((pair) => !pair.includes(gone));
      const check = ({ stores }: Folder) => {
        expect(stores.graph.entity(gone)).toBeUndefined();
        expect(stores.documents.has(gone)).toBe(false);
        expect(stores.entityVectors.has(entityVectorId(gone))).toBe(false);
        expect(endsOf(stores.graph.relations())).toEqual(endsOf(left.map(toEnds)));
      };
      check(folder);
      await folder.close();
      await reopened(path, check);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("every pair of awkward names is a relation of its own, in the order in which it came", async () => {
  const names = [...new Set(awkwardNames.map(cleanText))];
  const list = names.slice(1).map((name, index): Pair => [names[index] ?? "", name]);
  const hub = names.slice(2).map((name): Pair => [names[0] ?? "", name]);
  const folder = await Folder.open(temporaryFolder(), embedding);
  await folder.commit(changesOf([...list, ...hub]));
  const { graph } = folder.stores;
  expect(graph.edgeCount).toBe(list.length + hub.length);
  const neighbours = graph.relationsOf(names[0] ?? "").map(({ target }) => target);
  expect(neighbours).toEqual([names[1], ...hub.map(([, name]) => name)]);
  await folder.close();
});

function changesOf(list: readonly Pair[]): Change[] {
  const names = [...new Set(list.flat())];
  return [
    ...names.flatMap((name): Change[] => [
      {
        kind: "record",
        store: "full_docs",
        key: name,
        value: { content: `text of ${name}`, file_path: name },
      },
      { kind: "record", store: "llm_response_cache", key: name, value: { return: name } },
      { kind: "provenance", store: "entity_chunks", key: name, chunkIds: [name], time: 1 },
      { kind: "entity", name, attributes: entity(name) },
      vector("entities", entityVectorId(name), { entity_name: name }),
    ]),
    ...list.flatMap(([source, target]): Change[] => [
      { kind: "relation", source, target, attributes: relation(source, target) },
      {
        kind: "provenance-append",
        store: "relation_chunks",
        key: relationKey(source, target),
        chunkIds: [source, target],
        time: 1,
      },
      vector("relationships", relationVectorId(source, target), { src_id: source, tgt_id: target }),
    ]),
  ];
}

function removalOf(name: string): Change[] {
  return [
    { kind: "record", store: "full_docs", key: name, value: null },
    { kind: "provenance", store: "entity_chunks", key: name, chunkIds: null, time: 2 },
    { kind: "entity", name, attributes: null },
    { kind: "vector", store: "entities", id: entityVectorId(name), entry: null },
  ];
}

function expectAll({ stores }: Folder, list: readonly Pair[]): void {
  const names = [...new Set(list.flat())];
  expect([...stores.graph.names()]).toEqual(names);
  expect([...stores.documents.keys()]).toEqual(names);
  for (const name of names) {
    expect(stores.documents.get(name)).toMatchObject({ content: `text of ${name}`, file_path: name });
    expect(stores.answers.get(name)).toMatchObject({ return: name });
    expect(stores.entityChunks.get(name)?.chunk_ids).toEqual([name]);
    expect(stores.graph.entity(name)).toEqual(entity(name));
    expect(stores.entityVectors.payload(entityVectorId(name))).toEqual({ entity_name: name });
    expect(stores.graph.degree(name)).toBe(list.filter((pair) => pair.includes(name)).length);
  }
  expect(endsOf(stores.graph.relations())).toEqual(endsOf(list.map(toEnds)));
  for (const [a, b] of list) {
    expect(stores.graph.relation(b, a)).toEqual(relation(a, b));
    expect(stores.relationChunks.get(relationKey(a, b))?.chunk_ids).toEqual(expect.arrayContaining([a, b]));
    expect(stores.relationVectors.has(relationVectorId(a, b))).toBe(true);
  }
}

function toEnds([source, target]: Pair): { source: string; target: string } {
  return { source, target };
}

function endsOf(relations: Iterable<{ source: string; target: string }>): string[] {
  return Array.from(relations, ({ source, target }) => pairKey(source, target)).toSorted();
}

function vector(store: "entities" | "relationships", id: string, payload: object): Change {
  const entry = { payload, vector: Float32Array.of(1, 0, 0, 0), createdAt: 1 };
  return { kind: "vector", store, id, entry };
}

function entity(name: string) {
  const of = { entity_id: name, entity_type: "person", description: name, source_id: name, file_path: name };
  return { ...of, created_at: 1, truncate: "" };
}

function relation(source: string, target: string): RelationAttributes {
  const text = `${source} and ${target}`;
  const of = { description: text, keywords: text, source_id: source, file_path: target };
  return { ...of, weight: 1, created_at: 1, truncate: "" };
}

async function reopened(path: string, check: (folder: Folder) => void): Promise<void> {
  const folder = await Folder.open(path, embedding);
  try {
    check(folder);
  } finally {
    await folder.close();
  }
}

/** The folder as a crash would leave it now. */
function copyOf(path: string): string {
  const copy = temporaryFolder();
  for (const name of readdirSync(path)) copyFileSync(join(path, name), join(copy, name));
  return copy;
}
