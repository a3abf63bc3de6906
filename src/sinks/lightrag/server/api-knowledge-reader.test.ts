import { expect, test } from "vitest";
import { connectedDouble } from "../../../../test/support/lightrag-double.ts";
import { documentIdOf } from "../document-id.ts";
import type { KnowledgeReader } from "../knowledge-reader.ts";

const { signal } = new AbortController();
const query = { question: "Who mends it?", mode: "mix", topK: 5, chunkTopK: 3, answer: true } as const;
const properties = {
  entity_type: "person",
  description: "sails<SEP>bakes",
  file_path: "a.md<SEP>b.md",
  source_id: "chunk-1<SEP>chunk-2",
};
const graph = {
  nodes: [
    { id: "Nora", labels: ["Nora"], properties },
    { id: "kayak", labels: ["kayak"], properties: { entity_type: "artifact", file_path: "b.md" } },
    { id: "Ivan", labels: ["Ivan"], properties: {} },
  ],
  edges: [
    { id: "1", source: "Ivan", target: "Nora", properties: { weight: 1 } },
    {
      id: "2",
      source: "Nora",
      target: "kayak",
      properties: { weight: 3, keywords: "mend,kayak", description: "x" },
    },
    { id: "3", source: "Ivan", target: "kayak", properties: {} },
  ],
  is_truncated: true,
};
const found = {
  status: "success",
  data: {
    entities: [
      {
        entity_name: "Nora",
        entity_type: "person",
        description: "sails",
        file_path: "a.md<SEP>...truncated...(KEEP Old)",
      },
    ],
    relationships: [
      { src_id: "Nora", tgt_id: "kayak", keywords: "mend", description: "x", weight: 2, file_path: "a.md" },
    ],
    chunks: [{ chunk_id: "c1", content: "Nora mends the kayak.", file_path: "a.md", reference_id: "1" }],
  },
  metadata: { keywords: { high_level: ["mend"], low_level: ["kayak"] } },
};

/** A server that gives these answers by `METHOD /path`; what it was asked is in `asked`. */
async function readerOf(
  answers: Record<string, unknown>,
): Promise<{ reader: KnowledgeReader; asked: () => unknown[] }> {
  const { double, client } = await connectedDouble({ generation: "1.5" });
  for (const [route, body] of Object.entries(answers)) double.answers.set(route, { status: 200, body });
  const asked = () => double.sent.map(({ json, path, query }) => json ?? { path: path.join("/"), ...query });
  return { reader: client.knowledge(), asked };
}

test("a question finds entities, relations, chunks with their documents, and an answer with its references", async () => {
  const answer = { response: "Nora does.", references: [{ reference_id: "1", file_path: "a.md" }] };
  const { reader, asked } = await readerOf({ "POST /query/data": found, "POST /query": answer });
  expect(await reader.query(query, signal)).toEqual({
    keywords: { high: ["mend"], low: ["kayak"] },
    entities: [{ name: "Nora", type: "person", descriptions: ["sails"], fileSources: ["a.md"], isCut: true }],
    relations: [
      {
        source: "Nora",
        target: "kayak",
        keywords: ["mend"],
        descriptions: ["x"],
        weight: 2,
        fileSources: ["a.md"],
        isCut: false,
      },
    ],
    chunks: [{ id: "c1", text: "Nora mends the kayak.", fileSource: "a.md" }],
    answer: { text: "Nora does.", fileSources: ["a.md"] },
  });
  expect(asked()[0]).toMatchObject({ query: "Who mends it?", mode: "mix", top_k: 5, chunk_top_k: 3 });
});

test("what a server leaves out is empty, and a relation without a weight was said once", async () => {
  const bare = {
    data: {
      entities: [{ entity_name: "Nora" }],
      relationships: [{ src_id: "Nora", tgt_id: "kayak" }],
      chunks: [{ content: "Nora mends the kayak." }],
    },
  };
  const nothing = { descriptions: [], fileSources: [], isCut: false };
  for (const metadata of [null, undefined, { keywords: null }, { keywords: {} }]) {
    const { reader, asked } = await readerOf({
      "POST /query/data": { ...bare, metadata },
      "POST /query": { response: "Nora does." },
    });
    expect(await reader.query({ ...query, question: " why " }, signal)).toEqual({
      keywords: { high: [], low: [] },
      entities: [{ name: "Nora", type: "", ...nothing }],
      relations: [{ source: "Nora", target: "kayak", keywords: [], weight: 1, ...nothing }],
      chunks: [{ id: "", text: "Nora mends the kayak.", fileSource: "" }],
      answer: null,
    });
    const json = { query: " why ", mode: "mix", top_k: 5, chunk_top_k: 3, include_references: true };
    expect(asked()).toEqual([json, json]);
  }
});

test("where nothing is found no answer is asked for", async () => {
  const nothing = { status: "failure", data: {}, metadata: { failure_reason: "no_results" } };
  const { reader, asked } = await readerOf({ "POST /query/data": nothing });
  expect(await reader.query(query, signal)).toMatchObject({
    entities: [],
    relations: [],
    chunks: [],
    answer: null,
  });
  expect(asked()).toHaveLength(1);
});

test("an answer without references hides a failed model and counts as none", async () => {
  const hidden = { response: "No relevant context found for the query.", references: [] };
  const { reader } = await readerOf({ "POST /query/data": found, "POST /query": hidden });
  expect((await reader.query(query, signal)).answer).toBeNull();
});

test("a question that LightRAG would refuse is refused before it is sent", async () => {
  const { reader, asked } = await readerOf({});
  await expect(reader.query({ ...query, question: " ab " }, signal)).rejects.toMatchObject({
    code: "QUESTION_TOO_SHORT",
    message: "LightRAG takes no question of fewer than 3 characters",
  });
  expect(asked()).toEqual([]);
});

test("an entity comes with its own relations, those said most often first", async () => {
  const { reader, asked } = await readerOf({ "GET /graphs": graph });
  const view = await reader.entity("Nora", signal);
  expect(asked()).toMatchObject([{ path: "graphs", label: "Nora", max_depth: 1 }]);
  expect((await reader.entity("Ivan", signal))?.chunkIds).toEqual([]);
  expect(view?.entity).toEqual({
    name: "Nora",
    type: "person",
    descriptions: ["sails", "bakes"],
    fileSources: ["a.md", "b.md"],
    isCut: false,
  });
  expect(view?.relations.map(({ source, target }) => [source, target])).toEqual([
    ["Nora", "kayak"],
    ["Ivan", "Nora"],
  ]);
  expect(view?.chunkIds).toEqual(["chunk-1", "chunk-2"]);
  expect(await reader.entity("nora", signal)).toBeNull();
});

test("the entities of a document are those that name it, and a cut graph says that some may be missing", async () => {
  const { reader } = await readerOf({ "GET /graphs": graph });
  const { entities, complete } = await reader.entitiesOf("b.md", signal);
  expect(entities.map(({ name }) => name)).toEqual(["Nora", "kayak"]);
  expect(complete).toBe(false);
});

test.each([
  [false, "a.md", true],
  [null, "a.md", true],
  [true, "a.md", false],
  [false, "a.md<SEP>...truncated...(KEEP Old)", false],
])(
  "a graph that is cut: %j, with documents %s, and an entity of it, are complete: %j",
  async (is_truncated, file_path, complete) => {
    const nodes = [{ id: "Nora", properties: { file_path } }];
    const { reader, asked } = await readerOf({ "GET /graphs": { nodes, edges: [], is_truncated } });
    expect(await reader.graph(signal)).toMatchObject({
      entities: [{ name: "Nora" }],
      relations: [],
      complete,
    });
    expect(asked()).toMatchObject([{ label: "*", max_depth: 1 }]);
    expect((await reader.entity("Nora", signal))?.complete).toBe(complete);
  },
);

const idOf = (fileSource: string) => documentIdOf("1.5", { fileSource, text: "" });
const cut = "first.md<SEP>second.md<SEP>...truncated...(KEEP Old)";

async function lookUp(entity: Record<string, string>) {
  const nodes = [{ id: "Nora", labels: ["Nora"], properties: entity }];
  const { reader } = await readerOf({ "GET /graphs": { nodes, edges: [], is_truncated: false } });
  const { entities, complete } = await reader.entitiesOf("late.md", signal);
  return { found: entities.map(({ name }) => name), complete };
}

test("a document that the cut list of an entity no longer names is found by the ids of its chunks", async () => {
  const source_id = ["first.md", "second.md", "late.md"]
    .map((name) => `${idOf(name)}-chunk-000`)
    .join("<SEP>");
  expect(await lookUp({ file_path: cut, source_id, truncate: "" })).toEqual({
    found: ["Nora"],
    complete: true,
  });
});

test("a look-up is complete where the ids of all chunks are there, and never behind a cut that may hide the document", async () => {
  const others = ["first.md", "second.md"].map((name) => `${idOf(name)}-chunk-000`).join("<SEP>");
  const oldIds = "chunk-0cc175b9c0f1b6a831c399e269772661";
  const nothing = (complete: boolean) => ({ found: [], complete });
  expect(await lookUp({ file_path: cut, source_id: others, truncate: "" })).toEqual(nothing(true));
  expect(await lookUp({ file_path: cut, source_id: others, truncate: "KEEP Old" })).toEqual(nothing(false));
  expect(await lookUp({ file_path: cut, source_id: `${others}<SEP>${oldIds}` })).toEqual(nothing(false));
  expect(await lookUp({ file_path: cut })).toEqual(nothing(false));
  expect(await lookUp({ file_path: "first.md", source_id: oldIds, truncate: "FIFO 300/301" })).toEqual(
    nothing(false),
  );
});

test("an entity and a graph with a cut list of documents do not call themselves complete", async () => {
  const nodes = [
    { id: "Nora", properties: { file_path: cut } },
    { id: "Ivan", properties: { file_path: "a.md" } },
    { id: "Kai", properties: { file_path: "a.md", source_id: "c", truncate: "FIFO 200/201" } },
  ];
  const edges = [{ source: "Kim", target: "Lea", properties: { file_path: cut } }];
  const { reader } = await readerOf({
    "GET /graphs": { nodes: [...nodes, { id: "Kim", properties: {} }], edges, is_truncated: false },
  });
  expect((await reader.graph(signal)).complete).toBe(false);
  const complete = async (name: string) => (await reader.entity(name, signal))?.complete;
  expect(await Promise.all(["Nora", "Ivan", "Kai", "Kim"].map(complete))).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test("only LightRAG's mark at the end of a list is no document", async () => {
  const names = ["...truncated...@CTX.md", "...truncated...(FIFO)", "a.md"];
  const nodes = [{ id: "Nora", properties: { file_path: names.join("<SEP>") } }];
  const { reader } = await readerOf({ "GET /graphs": { nodes, edges: [], is_truncated: false } });
  expect((await reader.entity("Nora", signal))?.entity).toMatchObject({ fileSources: names, isCut: false });
});

test("names are looked up by a part of them", async () => {
  const { reader, asked } = await readerOf({ "GET /graph/label/search": ["Nora", "Eleonora"] });
  expect(await reader.findNames("nora", 7, signal)).toEqual(["Nora", "Eleonora"]);
  expect(asked()).toEqual([{ path: "graph/label/search", q: "nora", limit: 7 }]);
});
