import { z } from "zod";
import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { OpenAiEndpoint, type OpenAiEndpointSettings } from "../../../../kernel/openai/openai-endpoint.ts";
import { unusableAnswer } from "../../../../kernel/openai/openai-error.ts";
import { plural } from "../../../../kernel/util/readable.ts";
import type { EmbeddingModel } from "./models.ts";

export interface OpenAiEmbeddingSettings extends OpenAiEndpointSettings {
  /** Number of components; without it, the model is asked once. */
  dimension?: number | undefined;
  /** Encoding of vectors in answers. `base64` is a third of the size; an endpoint that does not support it sends floats anyway. */
  encoding?: "base64" | "float" | undefined;
}

const answerSchema = z.object({
  data: z.array(
    z.object({ index: z.number().optional(), embedding: z.union([z.string(), z.array(z.number())]) }),
  ),
});

/** The number of texts that LightRAG sends in one request. */
const batchSize = 10;

/** Throws `MODEL_*` when the model has to be asked for its dimension and does not answer. */
export async function openAiEmbedding(
  settings: OpenAiEmbeddingSettings,
  signal: AbortSignal,
): Promise<EmbeddingModel> {
  const endpoint = new OpenAiEndpoint(settings);
  const encoding = settings.encoding ?? "base64";
  try {
    const dimension = settings.dimension ?? (await askDimension(endpoint, encoding, signal));
    return new OpenAiEmbedding(endpoint, encoding, dimension);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
}

async function askDimension(
  endpoint: OpenAiEndpoint,
  encoding: string,
  signal: AbortSignal,
): Promise<number> {
  const [vector] = await embedBatch(endpoint, encoding, ["dimension"], signal);
  return vector?.length ?? 0;
}

/** An embedding model behind an OpenAI-compatible endpoint. */
class OpenAiEmbedding implements EmbeddingModel {
  readonly id: string;
  readonly dimension: number;
  readonly #endpoint: OpenAiEndpoint;
  readonly #encoding: string;

  constructor(endpoint: OpenAiEndpoint, encoding: string, dimension: number) {
    this.id = `openai:${endpoint.model}`;
    this.dimension = dimension;
    this.#endpoint = endpoint;
    this.#encoding = encoding;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const batches = Array.from({ length: Math.ceil(texts.length / batchSize) }, (_, i) =>
      texts.slice(i * batchSize, (i + 1) * batchSize),
    );
    const vectors = await Promise.all(
      batches.map((batch) => embedBatch(this.#endpoint, this.#encoding, batch, signal)),
    );
    return vectors.flat().map((vector) => this.#checked(vector));
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  #checked(vector: Float32Array): Float32Array {
    if (vector.length !== this.dimension) {
      const message = `${this.id} gave a vector of ${plural(vector.length, "number")} where ${this.dimension} were expected`;
      throw new ConnectorError("MODEL_DIMENSION_CHANGED", message, { subject: this.id });
    }
    if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) {
      throw unusableAnswer(this.id, "gave a vector that is zero or not made of numbers");
    }
    return vector;
  }
}

async function embedBatch(
  endpoint: OpenAiEndpoint,
  encoding: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const request = { model: endpoint.model, input: texts, encoding_format: encoding };
  const answer = answerSchema.safeParse(await endpoint.post(["embeddings"], request, signal)).data;
  if (answer === undefined || answer.data.length !== texts.length) {
    throw unusableAnswer(endpoint.name, "did not give one vector for each text");
  }
  return inOrder(answer.data, endpoint.name).map(({ embedding }) => toVector(embedding, endpoint.name));
}

type Item = z.output<typeof answerSchema>["data"][number];

/** Sorted by index, if each item has its own. Some servers send no index, or the same one for all. */
function inOrder(items: readonly Item[], model: string): readonly Item[] {
  const numbers = new Set(items.map(({ index }) => index));
  if (numbers.size <= 1) return items;
  const sorted = items.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
  if (sorted.every(({ index }, position) => index === position)) return sorted;
  throw unusableAnswer(model, "numbered its vectors so that one text has two and another none");
}

function toVector(embedding: string | number[], model: string): Float32Array {
  if (typeof embedding !== "string") return Float32Array.from(embedding);
  const bytes = Buffer.from(embedding, "base64");
  if (bytes.length % 4 !== 0)
    throw unusableAnswer(model, "gave a vector that is cut in the middle of a number");
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
