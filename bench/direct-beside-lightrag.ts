import { systemClock } from "../src/kernel/util/clock.ts";
import { LightRagDirectClient } from "../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import type { LightRagClient, OutgoingDocument } from "../src/sinks/lightrag/light-rag-client.ts";
import { LightRagApiClient } from "../src/sinks/lightrag/server/light-rag-api-client.ts";
import { scriptedModels } from "../test/lightrag/direct/models.ts";
import { lightragMissing, startPythonLightRag } from "../test/support/python-lightrag.ts";
import { realMemoriesMissing } from "../test/support/real-memories.ts";
import { ChildServer } from "./support/child-server.ts";
import { conversationMemories, documentsOf } from "./support/conversations.ts";
import type { Figure } from "./support/figures.ts";
import { BenchFolder, contextId } from "./support/world.ts";

const count = 200;
const batchSize = 100;
const pollMs = 5;
const serverPollMs = 100;

/** Documents per second of direct mode and of a real LightRAG, with one model server that answers both at once. */
export async function measureDirectBesideLightRag(): Promise<Figure[]> {
  const missing = lightragMissing ?? realMemoriesMissing;
  if (missing !== null) {
    process.stderr.write(`${missing}\n`);
    return [];
  }
  const documents = documentsOf(contextId, conversationMemories(count));
  await using model = await ChildServer.start("run-model-server.ts", []);
  const ours = documents.length / (await directSeconds(model.url, documents));
  const theirs = documents.length / (await lightRagSeconds(model.url, documents));
  return [
    {
      what: `direct mode beside LightRAG 1.5, the same model answering at once: ${documents.length} documents`,
      value: ours / theirs,
      unit: "×",
      target: { atLeast: 10 },
      details: { directPerSecond: Math.round(ours), lightRagPerSecond: Number(theirs.toFixed(1)) },
    },
  ];
}

async function directSeconds(modelUrl: string, documents: readonly OutgoingDocument[]): Promise<number> {
  const signal = new AbortController().signal;
  using folder = new BenchFolder();
  const client = new LightRagDirectClient({
    workingDir: folder.path,
    models: await scriptedModels(modelUrl),
  });
  await client.connect(signal);
  const startedAt = performance.now();
  for (let at = 0; at < documents.length; at += batchSize) {
    for (const outcome of await client.submit(documents.slice(at, at + batchSize), signal)) {
      if (outcome.kind !== "accepted") throw new Error(`a document was not accepted: ${outcome.kind}`);
    }
  }
  while (await client.isBusy(signal)) await systemClock.sleep(pollMs);
  const seconds = secondsSince(startedAt);
  await expectProcessed(client, documents);
  await client.close();
  return seconds;
}

/** All documents in one request, which the product's client would not do: so the server waits for nobody. */
async function lightRagSeconds(modelUrl: string, documents: readonly OutgoingDocument[]): Promise<number> {
  const signal = new AbortController().signal;
  const server = await startPythonLightRag({ generation: "1.5", modelUrl });
  const api = new LightRagApiClient({ url: server.url });
  try {
    await api.connect(signal);
    const startedAt = performance.now();
    await insertAll(server.url, documents);
    const last = documents.slice(-1).map((it) => refTo(api, it));
    while ((await api.find(last, signal))[0]?.status !== "processed" || (await api.isBusy(signal))) {
      await systemClock.sleep(serverPollMs);
    }
    const seconds = secondsSince(startedAt);
    await expectProcessed(api, documents);
    return seconds;
  } finally {
    await api.close();
    await server.stop();
  }
}

async function insertAll(url: string, documents: readonly OutgoingDocument[]): Promise<void> {
  const body = {
    texts: documents.map(({ text }) => text),
    file_sources: documents.map((it) => it.fileSource),
  };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/documents/texts`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`LightRAG answered ${answer.status}`);
}

async function expectProcessed(
  client: LightRagClient,
  documents: readonly OutgoingDocument[],
): Promise<void> {
  const refs = documents.map((it) => refTo(client, it));
  const records = await client.find(refs, new AbortController().signal);
  const processed = records.filter((record) => record?.status === "processed").length;
  if (processed !== documents.length) throw new Error(`${processed} of ${documents.length} were processed`);
}

function refTo(client: LightRagClient, document: OutgoingDocument) {
  return { fileSource: document.fileSource, documentId: client.predictDocumentId(document) };
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
