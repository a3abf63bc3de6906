import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { ConnectorError } from "../../../../../kernel/errors/connector-error.ts";
import { unusableAnswer } from "../../../../../kernel/openai/openai-error.ts";
import type { EmbeddingModel } from "../models.ts";
import type { Answered, Asked } from "./embedding-worker.ts";
import { type ModelFolder, openModelFolder } from "./model-folder.ts";
import { runtimePackages } from "./sentence-model.ts";

/**
 * A sentence model that this computer runs itself, from the folder of its files. Deterministic: the same text has the same vector. Throws
 * `MODEL_FILES_UNUSABLE` when files are missing, `MODEL_RUNTIME_MISSING` when the packages are that run it.
 */
export async function localEmbedding(path: string): Promise<EmbeddingModel> {
  const folder = await openModelFolder(path);
  for (const name of Object.values(runtimePackages)) if (!isInstalled(name)) throw missingRuntime(name);
  return new LocalEmbedding(folder);
}

function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== "";
  } catch {
    return false;
  }
}

function missingRuntime(name: string): ConnectorError {
  return new ConnectorError("MODEL_RUNTIME_MISSING", `the package ${name} is not installed`, {
    subject: name,
  });
}

type Waiting = PromiseWithResolvers<Float32Array>;

class LocalEmbedding implements EmbeddingModel {
  readonly id: string;
  readonly dimension: number;
  readonly #folder: ModelFolder;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #asked = 0;

  constructor(folder: ModelFolder) {
    this.#folder = folder;
    this.id = folder.id;
    this.dimension = folder.dimension;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      vectors.push(await this.#ask(text));
    }
    return vectors;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #ask(text: string): Promise<Float32Array> {
    const worker = this.#thread();
    const number = this.#asked++;
    const waiting = Promise.withResolvers<Float32Array>();
    this.#waiting.set(number, waiting);
    // An idle model keeps no process alive.
    worker.ref();
    worker.postMessage({ number, text } satisfies Asked);
    try {
      return await waiting.promise;
    } finally {
      this.#waiting.delete(number);
      if (this.#waiting.size === 0) worker.unref();
    }
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const entry = new URL(`embedding-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(entry, { workerData: this.#folder });
    worker.on("message", (answered: Answered) => this.#settle(answered));
    worker.on("error", (error) => this.#fail(unusableAnswer(this.id, `ended its thread: ${error.message}`)));
    worker.on("exit", () => {
      this.#worker = undefined;
      this.#fail(unusableAnswer(this.id, "ended its thread"));
    });
    this.#worker = worker;
    return worker;
  }

  #settle(answered: Answered): void {
    const waiting = this.#waiting.get(answered.number);
    if (!("vector" in answered)) waiting?.reject(unusableAnswer(this.id, `failed: ${answered.failure}`));
    else if (answered.vector.every(Number.isFinite)) waiting?.resolve(answered.vector);
    else waiting?.reject(unusableAnswer(this.id, "gave a vector that is zero or not made of numbers"));
  }

  #fail(error: ConnectorError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
