import { expect, onTestFinished, test } from "vitest";
import { memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { clockStepsBy, turnsBeside } from "../../../../../test/support/turns.ts";
import { type Findings, type KnowledgeQuery, queryModes } from "../../knowledge-reader.ts";
import { createBuiltinEmbedder } from "../builtin/embedder.ts";
import { createBuiltinExtractor } from "../builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../light-rag-direct-client.ts";
import type { ChatModel } from "../models/models.ts";

const { signal } = new AbortController();

const documents = [
  memoryChunk("m1", "2024-05-01T10:00:00Z", "Ivan: Nora, who will mend the old kayak?"),
  memoryChunk(
    "m2",
    "2024-05-01T10:01:00Z",
    "Nora: Clara promised it. She works for the Harbour Museum in Lisbon.",
  ),
  memoryChunk("m3", "2024-05-03T10:00:00Z", "Nora: I baked a walnut cake with Clara."),
  memoryChunk("m4", "2024-05-09T10:00:00Z", "Ivan: The weather in Oslo was awful, nothing but rain."),
].map(({ file_path, content }) => ({ fileSource: file_path, text: content }));

/** The memories above, indexed with the builtin models. */
async function indexed(chat?: ChatModel, memories = documents): Promise<LightRagDirectClient> {
  const models = {
    embedding: createBuiltinEmbedder(),
    extraction: createBuiltinExtractor(),
    ...(chat && { chat }),
  };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  onTestFinished(() => client.close());
  await client.connect(signal);
  await client.submit(memories, signal);
  await expect.poll(() => client.isBusy(signal), { timeout: 10_000 }).toBe(false);
  return client;
}

function asking(question: string, change: Partial<KnowledgeQuery> = {}): KnowledgeQuery {
  return { question, mode: "mix", topK: 10, chunkTopK: 10, answer: true, ...change };
}

test("mix finds the memory that names it and the one that answers it a minute later", async () => {
  const found = await (await indexed()).knowledge().query(asking("Who mends the kayak?"), signal);
  expect(found.chunks.slice(0, 2).map(({ fileSource }) => fileSource)).toEqual(["m1@CTX1.md", "m2@CTX1.md"]);
  expect(found.chunks[0]?.text).toContain("record, wednesday 1 may 2024 10:00:00 utc");
  expect(found.entities.map(({ name }) => name)).toContain("kayak");
  expect(found.answer).toBeNull();
});

test("naive leaves the graph alone; local, global and hybrid show only chunks that the graph leads to", async () => {
  const reader = (await indexed()).knowledge();
  const naive = await reader.query(asking("walnut cake of Clara", { mode: "naive" }), signal);
  expect([naive.entities, naive.relations]).toEqual([[], []]);
  expect(naive.chunks[0]?.fileSource).toBe("m3@CTX1.md");
  for (const mode of ["local", "global", "hybrid"] as const) {
    const found = await reader.query(asking("walnut cake of Clara", { mode }), signal);
    expect(found.chunks[0]?.fileSource).toBe("m3@CTX1.md");
    expect(found.chunks.map(({ fileSource }) => fileSource)).not.toContain("m4@CTX1.md");
    expect(found.relations).toContainEqual(
      expect.objectContaining({ source: "Nora", target: "walnut cake" }),
    );
  }
});

test("entities that the question names come first, and the limits hold", async () => {
  const reader = (await indexed()).knowledge();
  const found = await reader.query(
    asking("What does Clara do in Lisbon?", { topK: 3, chunkTopK: 1 }),
    signal,
  );
  expect(found.entities.map(({ name }) => name).slice(0, 2)).toEqual(expect.arrayContaining(["Clara"]));
  expect(found.entities).toHaveLength(3);
  expect(found.relations).toHaveLength(3);
  expect(found.chunks).toHaveLength(1);
});

test("a question about nothing that is known finds nothing in the graph's modes", async () => {
  const reader = (await indexed()).knowledge();
  expect(await reader.query(asking("xylophone zither quartz", { mode: "local" }), signal)).toMatchObject({
    chunks: [],
  });
});

test("a chat model chooses the keywords and answers with its sources", async () => {
  const chat: ChatModel = {
    id: "scripted",
    complete: async (_messages, options) => ({
      text: options.json
        ? '{"high_level_keywords":["baking"],"low_level_keywords":["Clara"]}'
        : "A cake [1].",
      truncated: false,
    }),
  };
  const found = await (await indexed(chat)).knowledge().query(asking("What was baked?"), signal);
  expect(found.keywords).toEqual({ high: ["baking"], low: ["Clara"] });
  expect(found.answer).toEqual({ text: "A cake [1].", fileSources: [found.chunks[0]?.fileSource] });
});

test("an entity leads to its relations and documents, a document to its entities, and a part of a name to the name", async () => {
  const reader = (await indexed()).knowledge();
  const view = await reader.entity("Clara", signal);
  expect(view?.entity).toMatchObject({ type: "person", fileSources: ["m2@CTX1.md", "m3@CTX1.md"] });
  expect(view?.relations.map(({ source, target }) => [source, target].toSorted())).toContainEqual([
    "Clara",
    "Nora",
  ]);
  expect(view?.chunkIds).toHaveLength(2);
  expect(await reader.entity("clara", signal)).toBeNull();
  const ofCake = await reader.entitiesOf("m3@CTX1.md", signal);
  expect(ofCake.entities.map(({ name }) => name)).toEqual(["Clara", "Nora", "walnut cake"]);
  expect((await reader.entitiesOf("unknown.md", signal)).entities).toEqual([]);
  expect(await reader.findNames("MUSEUM", 5, signal)).toEqual(["Harbour Museum"]);
});

test("the graph is shown whole", async () => {
  const { entities, relations, complete } = await (await indexed()).knowledge().graph(signal);
  expect(complete).toBe(true);
  expect(entities.map(({ name }) => name)).toEqual(expect.arrayContaining(["Nora", "Ivan", "Oslo", "kayak"]));
  const names = new Set(entities.map(({ name }) => name));
  for (const { source, target } of relations) expect(names.has(source) && names.has(target)).toBe(true);
});

test("what is deleted is no longer found, and what is added is", async () => {
  const client = await indexed();
  const reader = client.knowledge();
  const sources = async () =>
    (await reader.query(asking("walnut cake"), signal)).chunks.map(({ fileSource }) => fileSource);
  expect(await sources()).toContain("m3@CTX1.md");
  const cake = documents[2]!;
  await client.remove([client.predictDocumentId(cake)], signal);
  expect(await sources()).not.toContain("m3@CTX1.md");
  await client.submit([cake], signal);
  await expect.poll(() => client.isBusy(signal), { timeout: 10_000 }).toBe(false);
  expect((await sources())[0]).toBe("m3@CTX1.md");
});

/** A filter that these memories pass. */
function within(...memoryIds: string[]): Pick<KnowledgeQuery, "within"> {
  const documents = new Map(memoryIds.map((id) => [`${id}@CTX1.md`, "whole" as const]));
  return { within: { all: async () => documents, among: async () => documents } };
}

test.each(queryModes)(
  "in mode %s a filter restricts the search itself, whatever the question is nearest to",
  async (mode) => {
    const reader = (await indexed()).knowledge();
    for (const ids of [["m1"], ["m3"], ["m2", "m4"], ["m1", "m2", "m3"], []]) {
      const question = "Who mends the kayak of Nora and Clara in Lisbon?";
      const found = await reader.query(asking(question, { mode, ...within(...ids) }), signal);
      const names = [...found.chunks.map((chunk) => chunk.fileSource), ...sourcesOf(found)];
      expect(names.filter((name) => !ids.includes(name.replace("@CTX1.md", "")))).toEqual([]);
      const words = JSON.stringify(found);
      expect(words.includes("walnut")).toBe(ids.includes("m3") && words.includes("m3@CTX1.md"));
    }
  },
);

const sourcesOf = ({ entities, relations }: Findings) =>
  [...entities, ...relations].flatMap(({ fileSources }) => fileSources);

test.each(queryModes)("in mode %s a filter that all pass changes nothing", async (mode) => {
  const reader = (await indexed()).knowledge();
  for (const question of ["Who mends the kayak of Nora and Clara in Lisbon?", "walnut cake", "Oslo"]) {
    const plain = await reader.query(asking(question, { mode }), signal);
    expect(await reader.query(asking(question, { mode, ...within("m1", "m2", "m3", "m4") }), signal)).toEqual(
      plain,
    );
  }
});

test("what is nearest of the memories that pass is found, however many others are nearer", async () => {
  const reader = (await indexed()).knowledge();
  const only = { topK: 1, chunkTopK: 1, ...within("m3", "m4") };
  const found = await reader.query(asking("Who mends the old kayak for Nora?", only), signal);
  expect(found.chunks.map(({ fileSource }) => fileSource)).toEqual(["m3@CTX1.md"]);
  expect(found.entities.map(({ name }) => name)).toEqual(["Nora"]);
});

test("what is said of a thing is shown only if all that was said of it passes; how often counts what passes", async () => {
  const reader = (await indexed()).knowledge();
  const clara = async (...ids: string[]) => {
    const found = await reader.query(asking("Clara", within(...ids)), signal);
    return found.entities.find(({ name }) => name === "Clara");
  };
  expect((await clara("m2", "m3", "m4"))?.descriptions).not.toEqual([]);
  expect(await clara("m2", "m4")).toMatchObject({ descriptions: [], fileSources: ["m2@CTX1.md"] });
  expect(await clara("m4")).toBeUndefined();
});

/** A note of the day before in each language, one of the day itself, and one that says the day long before it. */
test.each([
  [
    "Was war am 18. Mai?",
    [
      "Gestern war ich mit Lena beim Zahnarzt.",
      "Heute hat es den ganzen Tag geregnet.",
      "Die Karten für den 18. Mai sind da.",
    ],
    [
      "Herr Weber hat angerufen.",
      "Der Zug nach Wien war voll.",
      "Oma backt einen Kuchen.",
      "Das Auto ist in der Werkstatt.",
    ],
  ],
  [
    "5月18日做了什么？",
    ["昨天和王芳去看了牙医。", "今天一整天都在下雨。", "5月18日的票已经到了。"],
    ["陈经理打来了电话。", "去杭州的火车很挤。", "奶奶在烤蛋糕。", "汽车在修理厂。"],
  ],
  [
    "Que s'est-il passé le 18 mai ?",
    [
      "Hier, je suis allée chez le dentiste avec Chloé.",
      "Aujourd'hui, il a plu toute la journée.",
      "Les billets pour le 18 mai sont arrivés.",
    ],
    [
      "Monsieur Girard a appelé.",
      "Le train pour Lyon était plein.",
      "Mamie prépare un gâteau.",
      "La voiture est au garage.",
    ],
  ],
])(
  "a question for a day finds what is told of it in another language: %s",
  async (question, ofTheDay, others) => {
    const days = ["19", "18", "02"].map((day) => `2024-05-${day}`);
    const memories = [
      ...ofTheDay.map((text, at) => memoryChunk(`day-${at}`, `${days[at]}T10:00:00Z`, text)),
      ...others.map((text, at) => memoryChunk(`other-${at}`, `2024-0${at + 6}-1${at}T10:00:00Z`, text)),
    ].map(({ file_path, content }) => ({ fileSource: file_path, text: content }));
    const found = await (await indexed(undefined, memories)).knowledge().query(asking(question), signal);
    expect(found.entities.map(({ name }) => name)).toContain("18 May 2024");
    expect(found.chunks.slice(0, 4).map(({ fileSource }) => fileSource)).toEqual(
      expect.arrayContaining(["day-0@CTX1.md", "day-1@CTX1.md", "day-2@CTX1.md"]),
    );
  },
);

test("the stretches of an entity are its lists, and a document of many chunks is in one of them", async () => {
  const { file_path, content } = memoryChunk("m5", "2024-05-10T10:00:00Z", "Ivan: Clara sings. ".repeat(900));
  const reader = (
    await indexed(undefined, [...documents, { fileSource: file_path, text: content }])
  ).knowledge();
  const whole = await reader.entity("Clara", signal);
  expect(whole).toMatchObject({ hasMore: false });
  expect(whole?.chunkIds.length).toBeGreaterThan((whole?.entity.fileSources.length ?? 0) + 1);
  const views = [];
  for (let from = 0; views.at(-1)?.hasMore !== false; from += 2) {
    views.push((await reader.entity("Clara", signal, { from, limit: 2 }))!);
  }
  expect(views.flatMap(({ entity }) => entity.fileSources)).toEqual(whole?.entity.fileSources);
  expect(views.flatMap(({ chunkIds }) => chunkIds)).toEqual(whole?.chunkIds);
  expect(views.flatMap(({ relations }) => relations)).toEqual(whole?.relations);
  for (const { counts } of views) {
    expect(counts).toEqual({ relations: whole?.relations.length, chunks: whole?.chunkIds.length });
  }
});

test("opening a folder and asking it give way to others, piece by piece", async () => {
  const client = await indexed();
  await client.close();
  clockStepsBy(20);
  // A turn for each record at least, in eleven files.
  expect(await turnsBeside(client.connect(signal))).toBeGreaterThan(50);
  expect(await turnsBeside(client.knowledge().query(asking("Who mends the kayak?"), signal))).toBeGreaterThan(
    20,
  );
});

test("questions are searched for one after the other, and one that is cancelled leaves the line", async () => {
  const reader = (await indexed()).knowledge();
  const stop = new AbortController();
  const order: string[] = [];
  const ask = async (name: string, of = signal) => {
    await reader.query(asking("Who mends the kayak?"), of);
    order.push(name);
  };
  const cancelled = ask("cancelled", stop.signal);
  const asked = [ask("first"), ask("second"), ask("third")];
  stop.abort();
  await expect(cancelled).rejects.toThrow("aborted");
  await Promise.all(asked);
  expect(order).toEqual(["first", "second", "third"]);
});
