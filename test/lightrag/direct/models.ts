import type { DirectModels } from "../../../src/sinks/lightrag/embedded/models/models.ts";
import { OpenAiChat } from "../../../src/sinks/lightrag/embedded/models/openai-chat.ts";
import { openAiEmbedding } from "../../../src/sinks/lightrag/embedded/models/openai-embedding.ts";

/** The models of the scripted server, as direct mode reaches them: under the names that the real servers use. */
export async function scriptedModels(modelUrl: string): Promise<DirectModels> {
  const endpoint = { baseUrl: modelUrl, apiKey: "scripted" };
  const signal = AbortSignal.timeout(30_000);
  return {
    chat: new OpenAiChat({ ...endpoint, model: "scripted-chat" }),
    embedding: await openAiEmbedding({ ...endpoint, model: "scripted-embedding" }, signal),
  };
}
