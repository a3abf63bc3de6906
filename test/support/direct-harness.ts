import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenAiEndpointSettings } from "../../src/kernel/openai/openai-endpoint.ts";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import { OpenAiChat } from "../../src/sinks/lightrag/embedded/models/openai-chat.ts";
import { openAiEmbedding } from "../../src/sinks/lightrag/embedded/models/openai-embedding.ts";
import type { LightRagClient } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { SinkHarness } from "../contract/light-rag-client-suite.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

/** The direct client over a folder of its own, with the scripted models. */
export function directHarness(): SinkHarness {
  return {
    name: "direct mode",
    refusal: /MODEL_REQUEST_REFUSED|answered 400/u,
    start: async () => {
      const model = await startModelServer();
      const root = mkdtempSync(join(tmpdir(), "memory-connector-direct-"));
      const client = new RevivableClient(() => openClient(model, join(root, "0")));
      let lives = 0;
      return {
        makeClient: () => client,
        refuseText: (refuseText) => {
          model.faults = refuseText === undefined ? {} : { refuseText };
        },
        refuseAll: (on) => {
          model.faults = on ? { refuseAll: "insufficient_quota" } : {};
        },
        slowDown: (latencyMs) => {
          model.faults = { latencyMs };
        },
        crash: async () => {
          const [died, revived] = [join(root, `${lives++}`), join(root, `${lives}`)];
          // What is on disk at this moment is what a killed process leaves behind.
          cpSync(died, revived, { recursive: true });
          await client.revive(() => openClient(model, revived));
        },
        stop: async () => {
          await model.stop();
          rmSync(root, { recursive: true, force: true });
        },
      };
    },
  };
}

async function openClient(model: ModelServer, workingDir: string): Promise<LightRagClient> {
  const endpoint: OpenAiEndpointSettings = {
    baseUrl: model.url,
    model: "scripted",
    retry: { maxRetries: 1, baseMs: 10, multiplier: 1, capMs: 10 },
  };
  const embedding = await openAiEmbedding(
    { ...endpoint, dimension: model.dimensions },
    new AbortController().signal,
  );
  return new LightRagDirectClient({ workingDir, models: { chat: new OpenAiChat(endpoint), embedding } });
}

/** A client whose process can die: the suite keeps it, and the one inside is replaced. */
class RevivableClient implements LightRagClient {
  #open: () => Promise<LightRagClient>;
  #inner: LightRagClient | undefined;

  constructor(open: () => Promise<LightRagClient>) {
    this.#open = open;
  }

  async revive(open: () => Promise<LightRagClient>): Promise<void> {
    await this.close();
    this.#open = open;
  }

  async connect(signal: AbortSignal) {
    this.#inner ??= await this.#open();
    return this.#inner.connect(signal);
  }

  predictDocumentId: LightRagClient["predictDocumentId"] = (document) =>
    this.#client.predictDocumentId(document);
  submit: LightRagClient["submit"] = (documents, signal) => this.#client.submit(documents, signal);
  find: LightRagClient["find"] = (refs, signal) => this.#client.find(refs, signal);
  list: LightRagClient["list"] = (signal) => this.#client.list(signal);
  remove: LightRagClient["remove"] = (ids, signal) => this.#client.remove(ids, signal);
  isBusy: LightRagClient["isBusy"] = (signal) => this.#client.isBusy(signal);
  resumeInterrupted: LightRagClient["resumeInterrupted"] = (signal) => this.#client.resumeInterrupted(signal);

  async close(): Promise<void> {
    await this.#inner?.close();
    this.#inner = undefined;
  }

  get #client(): LightRagClient {
    if (this.#inner === undefined) throw new Error("the client is not connected");
    return this.#inner;
  }
}
