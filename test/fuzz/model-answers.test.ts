import { parseAnswer } from "../../src/sinks/lightrag/embedded/extraction/parse-json-answer.ts";
import { OpenAiChat } from "../../src/sinks/lightrag/embedded/models/openai-chat.ts";
import { openAiEmbedding } from "../../src/sinks/lightrag/embedded/models/openai-embedding.ts";
import { startHttpServer } from "../support/http-server.ts";
import { fuzz } from "./support/fuzz.ts";
import { mutateSample } from "./support/mutate.ts";
import { chatAnswer, embeddingAnswer, extractionAnswers, json } from "./support/samples.ts";

const origin = { chunkId: "chunk-1", fileSource: "m1@CTX.md" };

fuzz("every extraction record that a model writes is read or dropped", 0.25, () => (random) => {
  parseAnswer(mutateSample(random, extractionAnswers).toString("utf8"), origin);
  return 1;
});

fuzz("every answer of a chat or embedding model is taken or refused", 0.02, async () => {
  const samples = { chat: json(chatAnswer), embedding: json(embeddingAnswer) };
  let body: Buffer = samples.chat;
  let status = 200;
  const server = await startHttpServer((_, response) => response.writeHead(status).end(body));
  const retry = { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 };
  const endpoint = {
    baseUrl: `${server.url}/v1`,
    model: "m",
    apiKey: "k",
    concurrency: 1,
    timeoutMs: 5_000,
    retry,
  };
  const signal = new AbortController().signal;
  const chat = new OpenAiChat(endpoint);
  const embedding = await openAiEmbedding({ ...endpoint, dimension: 4 }, signal);
  return async (random) => {
    const asksChat = random.chance(0.5);
    status = random.chance(0.85) ? 200 : random.pick([400, 401, 404, 429, 500]);
    body = mutateSample(random, [asksChat ? samples.chat : samples.embedding]);
    if (asksChat) await chat.complete([{ role: "user", content: "Hello" }], {}, signal);
    else await embedding.embed(["a", "b"], signal);
    return 1;
  };
});
