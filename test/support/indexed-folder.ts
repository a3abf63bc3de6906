import { expect, onTestFinished } from "vitest";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import { OpenAiChat } from "../../src/sinks/lightrag/embedded/models/openai-chat.ts";
import { openAiEmbedding } from "../../src/sinks/lightrag/embedded/models/openai-embedding.ts";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { startModelServer } from "./model-server.ts";
import { temporaryFolder } from "./temp-folder.ts";

const retry = { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 };

/** A folder of direct mode in which the scripted models, which are asked once and not again, have indexed these documents; `held` counts those that are there. */
export async function indexedFolder(documents: readonly OutgoingDocument[], signal: AbortSignal) {
  const model = await startModelServer({ dimensions: 8 });
  const endpoint = { apiKey: "key", retry, baseUrl: model.url, model: "scripted" };
  const embedding = await openAiEmbedding({ ...endpoint, dimension: 8 }, signal);
  const models = { chat: new OpenAiChat(endpoint), embedding };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  onTestFinished(async () => {
    await client.close();
    await model.stop();
  });
  await client.connect(signal);
  await client.submit(documents, signal);
  await expect.poll(() => client.isBusy(signal), { timeout: 20_000 }).toBe(false);
  const ids = documents.map((document) => client.predictDocumentId(document));
  return { client, model, ids, held: () => ids.filter((id) => client.stores.documentStatus.has(id)).length };
}
