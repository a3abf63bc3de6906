import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { cleanText } from "../../src/sinks/lightrag/clean-text.ts";
import { holdsText } from "../../src/sinks/lightrag/document-text.ts";
import type {
  DocumentRef,
  LightRagClient,
  OutgoingDocument,
} from "../../src/sinks/lightrag/light-rag-client.ts";
import { awkwardMemories } from "../support/awkward-memories.ts";
import { documentsUnder, groupDocumentUnder, strategyNames } from "../support/documents-under.ts";
import { quickClient } from "../support/lightrag-quick-client.ts";
import { startModelServer } from "../support/model-server.ts";
import { naturalMemories, notesOfOneDay } from "../support/natural-memories.ts";
import { lightragMissing, startPythonLightRag } from "../support/python-lightrag.ts";

if (lightragMissing !== null) console.log(lightragMissing);

const signal = new AbortController().signal;

async function startServer(generation: "1.4" | "1.5") {
  const model = await startModelServer();
  const server = await startPythonLightRag({ generation, modelUrl: model.url, env: { MAX_GLEANING: "0" } });
  const client = quickClient({ url: server.url });
  onTestFinished(async () => {
    await client.close();
    await server.stop();
    await model.stop();
  });
  return { server, client };
}

/** Hands all documents over, as many at a time as the server's generation makes safe. */
async function submitAll(client: LightRagClient, documents: readonly OutgoingDocument[]) {
  const { maxBatch } = await client.connect(signal);
  const refs: DocumentRef[] = [];
  for (let start = 0; start < documents.length; start += maxBatch) {
    const batch = documents.slice(start, start + maxBatch);
    const outcomes = await client.submit(batch, signal);
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.kind !== "accepted") throw new Error(`${batch[index]?.fileSource} is ${outcome.kind}`);
      refs.push({ fileSource: batch[index]?.fileSource ?? "", ...outcome });
    }
  }
  return refs;
}

test.skipIf(lightragMissing !== null).each(["1.5", "1.4"] as const)(
  "a real LightRAG %s takes the awkward and the natural documents of every strategy under the predicted ids and keeps what was sent",
  async (generation) => {
    const { server, client } = await startServer(generation);
    // A context for each strategy, so that the documents do not take each other's names.
    const of = async (strategy: string) => [
      ...(await documentsUnder(strategy, strategy, [...awkwardMemories, ...naturalMemories])),
      await groupDocumentUnder(strategy, strategy, notesOfOneDay),
    ];
    const documents = (await Promise.all(strategyNames.map(of))).flat();
    const refs = await submitAll(client, documents);
    expect(refs.map(({ documentId }) => documentId)).toEqual(
      documents.map((d) => client.predictDocumentId(d)),
    );

    const unfinished = async () => {
      const records = await client.find(refs, signal);
      return records.filter((record) => record?.status !== "processed");
    };
    await vi.waitUntil(async () => (await unfinished()).length === 0, { timeout: 480_000, interval: 500 });
    const records = await client.find(refs, signal);
    expect(records.map((record) => record?.fileSource)).toEqual(documents.map((d) => d.fileSource));
    for (const [index, { text }] of documents.entries()) {
      const record = records[index];
      expect(record?.chunks).toBeGreaterThan(0);
      expect(record !== undefined && holdsText(record, text)).toBe(true);
    }

    await server.halt();
    const stored: Record<string, { content: string }> = JSON.parse(
      readFileSync(join(server.workingDir, "kv_store_full_docs.json"), "utf8"),
    );
    const kept = refs.map(({ documentId }) => stored[documentId]?.content);
    // LightRAG strips control characters and puts the characters of HTML's entities in their place; nothing else may differ.
    expect(kept).toEqual(documents.map(({ text }) => cleanText(text)));
  },
);
