import { expect, it } from "vitest";
import type { KnowledgeQuery, KnowledgeReader } from "../../src/sinks/lightrag/knowledge-reader.ts";
import type { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import { quickClient } from "../support/lightrag-quick-client.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import { lightragMissing, startPythonLightRag } from "../support/python-lightrag.ts";

const { signal } = new AbortController();
const texts = {
  "one@CTX1.md": "Alice Smith met Bob Jones in Paris. Bob Jones considers international collaboration.",
  "two@CTX1.md": "Clara Stone moved to Vienna. Clara Stone visited Bob Jones.",
};
const question: KnowledgeQuery = {
  question: "Whom did Alice Smith meet in Paris?",
  mode: "mix",
  topK: 10,
  chunkTopK: 5,
  answer: true,
};

it.skipIf(lightragMissing !== null).each(["1.4", "1.5"] as const)(
  "the knowledge of a real LightRAG %s is found by question, by name and by document",
  async (generation) => {
    const model = await startModelServer();
    const server = await startPythonLightRag({ generation, modelUrl: model.url });
    const client = quickClient({ url: server.url });
    try {
      await client.connect(signal);
      await ingest(client);
      const reader = client.knowledge();

      const found = await reader.query(question, signal);
      expect(found.keywords.low).toContain("Alice Smith");
      expect(found.entities.map(({ name }) => name)).toContain("Bob Jones");
      expect(found.relations.length).toBeGreaterThan(0);
      expect(found.chunks.map(({ fileSource }) => fileSource)).toContain("one@CTX1.md");
      expect(found.answer?.text).toContain("Alice Smith");
      expect(found.answer?.fileSources).toContain("one@CTX1.md");

      await expectWithin(reader, model);

      const view = await reader.entity("Bob Jones", signal);
      expect(view?.entity.fileSources.toSorted()).toEqual(Object.keys(texts));
      expect(view?.relations.length).toBeGreaterThan(0);
      expect(view?.complete).toBe(true);
      expect(await reader.entity("Nobody", signal)).toBeNull();
      expect(await reader.findNames("clara", 5, signal)).toEqual(["Clara Stone"]);

      const ofTwo = await reader.entitiesOf("two@CTX1.md", signal);
      expect(ofTwo.entities.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["Clara Stone", "Vienna"]),
      );
      expect(ofTwo.entities.map(({ name }) => name)).not.toContain("Alice Smith");

      const graph = await reader.graph(signal);
      expect(graph.entities.map(({ name }) => name)).toEqual(expect.arrayContaining(["Paris", "Vienna"]));
      expect(graph.complete).toBe(true);
    } finally {
      await client.close();
      await server.stop();
      await model.stop();
    }
  },
);

async function ingest(client: LightRagApiClient): Promise<void> {
  for (const [fileSource, text] of Object.entries(texts)) {
    const [outcome] = await client.submit([{ fileSource, text }], signal);
    if (outcome?.kind !== "accepted") throw new Error(`${fileSource} was not accepted`);
    const ref = { ...outcome, fileSource };
    const status = async () => (await client.find([ref], signal))[0]?.status;
    await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe("processed");
  }
}

/** A filter that only the second document passes. */
async function expectWithin(reader: KnowledgeReader, model: ModelServer): Promise<void> {
  const shown: string[] = [];
  model.faults.say = (call) => {
    if (!call.shown.includes("recorded memories")) return undefined;
    shown.push(call.shown);
    return "Clara did [1].";
  };
  const documents = new Map([["two@CTX1.md", "whole" as const]]);
  const within = { all: async () => documents, among: async () => documents };
  const found = await reader.query({ ...question, question: "Who visited Bob Jones?", within }, signal);
  model.faults = {};
  expect(found.offered).toBe(2);
  expect(found.chunks.map(({ fileSource }) => fileSource)).toEqual(["two@CTX1.md"]);
  expect(found.answer).toEqual({ text: "Clara did [1].", fileSources: ["two@CTX1.md"] });
  expect(shown).toHaveLength(1);
  expect(shown[0]).toContain("Clara Stone moved to Vienna");
  expect(shown[0]).not.toContain("Paris");
  const bob = found.entities.find(({ name }) => name === "Bob Jones");
  expect(bob).toMatchObject({ descriptions: [], fileSources: ["two@CTX1.md"] });
}
