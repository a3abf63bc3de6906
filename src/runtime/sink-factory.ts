import type { DirectConfig, LightRagApiConfig, LightRagConfig } from "../config/config.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import {
  attemptEmitter,
  circuitEmitter,
  type RemoteService,
  type ServiceEvents,
} from "../kernel/http/service-events.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { DirectModels } from "../sinks/lightrag/embedded/models/models.ts";
import type { KnowledgeReader } from "../sinks/lightrag/knowledge-reader.ts";
import type { LightRagClient } from "../sinks/lightrag/light-rag-client.ts";

/** LightRAG for reading. */
export interface KnowledgeSource {
  connect(signal: AbortSignal): Promise<unknown>;
  /** Requires `connect` first. */
  knowledge(): KnowledgeReader;
  close(): Promise<void>;
}

/** LightRAG from both sides: documents in, knowledge out. */
export interface Sink extends LightRagClient {
  knowledge(): KnowledgeReader;
  /** Whether the circuit to the server is open; a folder has none. */
  readonly circuit?: CircuitSnapshot;
}

export const lightRagServer: RemoteService = { end: "sink", service: "lightrag" };

/** Makes no connection and opens no folder; `connect` does. Each mode's code is loaded only when it is used. */
export function buildSink(lightrag: LightRagConfig, events: Emitter<ServiceEvents>): Promise<Sink> {
  return lightrag.mode === "api" ? buildApiClient(lightrag.api, events) : buildDirectClient(lightrag.direct);
}

async function buildApiClient(api: LightRagApiConfig, events: Emitter<ServiceEvents>): Promise<Sink> {
  const { LightRagApiClient } = await import("../sinks/lightrag/server/light-rag-api-client.ts");
  const { lightRagRetry, runSettleMs } = await import("../sinks/lightrag/server/options.ts");
  const { url, apiKey, ca, login, workspace, timeoutMs, maxRetries, deleteTimeoutMs, circuitBreaker } = api;
  const client = new LightRagApiClient({
    url,
    apiKey: apiKey ?? undefined,
    keyOrigin: api.keyOrigin,
    ca: ca ?? undefined,
    username: login?.username,
    password: login?.password,
    workspace: workspace ?? undefined,
    timeoutMs,
    circuitBreaker,
    timing: { removeMs: deleteTimeoutMs, settleMs: runSettleMs, retry: { ...lightRagRetry, maxRetries } },
    onAttempt: attemptEmitter(events, lightRagServer, url),
  });
  client.onCircuitChange(circuitEmitter(events, lightRagServer, url));
  return client;
}

async function buildDirectClient(direct: DirectConfig): Promise<Sink> {
  const { LightRagDirectClient } = await import("../sinks/lightrag/embedded/light-rag-direct-client.ts");
  const { workingDir, chunking } = direct;
  return new LightRagDirectClient({ workingDir, chunking, models: await buildModels(direct) });
}

/** A reader of a direct mode folder, concurrent with its writer. Opens nothing; `connect` does. */
export async function buildFolderReader(direct: DirectConfig): Promise<KnowledgeSource> {
  const { LightRagDirectReader } = await import("../sinks/lightrag/embedded/light-rag-direct-reader.ts");
  return new LightRagDirectReader({ workingDir: direct.workingDir, models: await buildModels(direct) });
}

async function buildModels({ llm, embedding: settings }: DirectConfig): Promise<DirectModels> {
  const [embedding, chat] = await Promise.all([buildEmbedding(settings), buildChat(llm)]);
  return chat === null ? { embedding, extraction: await buildExtraction() } : { embedding, chat };
}

async function buildEmbedding(config: DirectConfig["embedding"]) {
  if (config.provider === "builtin") {
    const { createBuiltinEmbedder } = await import("../sinks/lightrag/embedded/builtin/embedder.ts");
    return createBuiltinEmbedder();
  }
  if (config.provider === "local") {
    const { localEmbedding } = await import("../sinks/lightrag/embedded/models/local/local-embedding.ts");
    return localEmbedding(config.modelPath);
  }
  const { openAiEmbedding } = await import("../sinks/lightrag/embedded/models/openai-embedding.ts");
  // With a known dimension the endpoint is not queried, so there is nothing to cancel.
  return openAiEmbedding(
    { ...endpointOf(config), dimension: config.dimension },
    new AbortController().signal,
  );
}

async function buildExtraction() {
  const { createBuiltinExtractor } = await import(
    "../sinks/lightrag/embedded/builtin/extractor/extractor.ts"
  );
  return createBuiltinExtractor();
}

async function buildChat(config: DirectConfig["llm"]) {
  if (config.provider === "builtin") return null;
  const { OpenAiChat } = await import("../sinks/lightrag/embedded/models/openai-chat.ts");
  return new OpenAiChat(endpointOf(config));
}

function endpointOf(config: Exclude<DirectConfig["llm"], { provider: "builtin" }>) {
  const { baseUrl, model, apiKey, concurrency, timeoutMs, retries } = config;
  const retry = { maxRetries: retries, baseMs: 500, multiplier: 2, capMs: 30_000 };
  return { baseUrl, model, apiKey: apiKey ?? undefined, concurrency, timeoutMs, retry };
}
