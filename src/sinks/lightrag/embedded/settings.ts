import { resolve } from "node:path";
import * as z from "zod";
import { metadata } from "../../../kernel/settings/metadata.ts";
import { beneath, givenKeys, isMap, type RuleProblem } from "../../../kernel/settings/rules.ts";
import { count, duration, headerSecret, httpUrl, path, text } from "../../../kernel/settings/types.ts";

const providers = ["builtin", "openai-compatible"] as const;
/** An embedding model is small enough to run here. */
const embeddingProviders = [...providers, "local"] as const;

const askingAnEndpoint = "`openai-compatible` asks an endpoint (OpenAI, Ollama, vLLM and others)";

/** The settings that both kinds of model share. `kind` is for the descriptions. */
function modelSettings(kind: { model: string; concurrency: number; timeout: string }) {
  return {
    base_url: httpUrl().optional().register(metadata, {
      description: "Address of the endpoint, up to and including `/v1`.",
      example: "http://localhost:11434/v1",
    }),
    model: text().optional().register(metadata, { description: "Name of the model.", example: kind.model }),
    api_key: headerSecret().optional().register(metadata, {
      description: "Key that is sent as a bearer token.",
      example: `\${OPENAI_API_KEY}`,
      secret: true,
      belongsTo: "base_url",
    }),
    concurrency: count({ max: 1000 })
      .prefault(kind.concurrency)
      .register(metadata, { description: "Requests at the same time." }),
    timeout: duration()
      .prefault(kind.timeout)
      .register(metadata, { description: "Time limit of one request." }),
    retries: count({ min: 0, max: 100 })
      .prefault(3)
      .register(metadata, { description: "Attempts after the first, on passing faults." }),
  };
}

const llm = z.strictObject({
  provider: z
    .enum(providers)
    .prefault("builtin")
    .register(metadata, {
      description: `\`builtin\` extracts names and their relations offline, without a key; ${askingAnEndpoint}.`,
      example: "openai-compatible",
    }),
  ...modelSettings({ model: "llama3.1:8b", concurrency: 4, timeout: "180s" }),
});

const embedding = z.strictObject({
  provider: z
    .enum(embeddingProviders)
    .prefault("builtin")
    .register(metadata, {
      description: `\`builtin\` embeds texts offline, without a key; ${askingAnEndpoint}; \`local\` runs the sentence model at \`model_path\` in this process.`,
      example: "openai-compatible",
    }),
  model_path: path().optional().register(metadata, {
    description:
      "For `local`: folder of a sentence model, as sentence-transformers export it to ONNX. Needs two packages, see [direct mode](direct-mode.md#a-sentence-model-on-this-computer).",
    example: "./models/all-MiniLM-L6-v2",
  }),
  ...modelSettings({ model: "nomic-embed-text", concurrency: 8, timeout: "30s" }),
  dimension: count({ max: 65_536 }).optional().register(metadata, {
    description: "Length of the model's vectors. A folder keeps the dimension that it was made with.",
    example: 768,
  }),
});

/** LightRAG's defaults. */
const chunkDefaults = { size: 1200, overlap: 100 };

export const directSettings = z.strictObject({
  working_dir: path()
    .prefault("./lightrag_storage")
    .register(metadata, { description: "Folder of the index." }),
  workspace: z
    .string()
    .regex(/^\w*$/, { error: "may hold only letters, digits and underscores" })
    .prefault("")
    .register(metadata, {
      description: "Subfolder of the index, as LightRAG's `WORKSPACE`. Empty: the folder itself.",
    }),
  max_in_flight: count({ max: 100_000 })
    .prefault(20)
    .register(metadata, { description: "Documents that may be accepted and not finished. New ones wait." }),
  chunk_token_size: count({ max: 1_000_000 }).prefault(chunkDefaults.size).register(metadata, {
    description:
      "Tokens of a chunk, as LightRAG's `CHUNK_SIZE`, which counts where this is left out. Must fit into the embedding model's context.",
  }),
  chunk_overlap_token_size: count({ min: 0, max: 1_000_000 })
    .prefault(chunkDefaults.overlap)
    .register(metadata, {
      description:
        "Tokens that a chunk shares with the one before, as LightRAG's `CHUNK_OVERLAP_SIZE`. Smaller than `chunk_token_size`.",
    }),
  llm: llm.prefault({}).register(metadata, {
    description:
      "The model that extracts entities and relations, and answers questions. When `provider`, `base_url` and `model` are left out, `LLM_BINDING`, `LLM_MODEL`, `LLM_BINDING_HOST`, `LLM_BINDING_API_KEY` and `OPENAI_API_KEY` of the environment are used, else `builtin`.",
  }),
  embedding: embedding.prefault({}).register(metadata, {
    description:
      "The model that turns texts into vectors. When `provider`, `base_url` and `model` are left out, `EMBEDDING_BINDING`, `EMBEDDING_MODEL`, `EMBEDDING_BINDING_HOST`, `EMBEDDING_DIM`, `EMBEDDING_BINDING_API_KEY` and `OPENAI_API_KEY` of the environment are used, else `builtin`.",
  }),
});

export type DirectSettings = z.output<typeof directSettings>;

export function directRules(direct: unknown): RuleProblem[] {
  return [
    ...overlapIsSmaller(direct),
    ...beneath(direct, "llm", (llm) => modelIsComplete(llm, ["base_url", "model"])),
    ...beneath(direct, "embedding", (embedding) => [
      ...modelIsComplete(embedding, ["base_url", "model", "dimension"]),
      ...localModelHasPath(embedding),
    ]),
  ];
}

/** An overlap of a whole chunk would never end. */
function overlapIsSmaller(direct: unknown): RuleProblem[] {
  const given = isMap(direct) ? direct : {};
  const size = Number(given.chunk_token_size ?? chunkDefaults.size);
  const overlap = Number(given.chunk_overlap_token_size ?? chunkDefaults.overlap);
  if (!(overlap >= size)) return [];
  const reason = `is ${overlap}, and must be smaller than chunk_token_size, which is ${size}`;
  const hint = `write chunk_overlap_token_size: ${Math.floor(size / 10)}`;
  return [{ path: ["chunk_overlap_token_size"], reason, hint }];
}

/** An endpoint needs these keys. Without a provider the built-in model is used, which needs none of them. */
function modelIsComplete(model: unknown, endpointKeys: readonly string[]): RuleProblem[] {
  const given = givenKeys(model, endpointKeys);
  const provider = isMap(model) ? model.provider : undefined;
  if (provider === undefined && given.length > 0) {
    const reason = `is left out, so ${given.join(", ")} would not be used`;
    return [{ path: ["provider"], reason, hint: "write provider: openai-compatible" }];
  }
  if (provider !== "openai-compatible") return [];
  return endpointKeys
    .filter((key) => !given.includes(key))
    .map((key) => ({ path: [key], reason: "is missing", hint: "provider openai-compatible needs it" }));
}

/** A model that runs here is told by its path, and by nothing else. */
function localModelHasPath(model: unknown): RuleProblem[] {
  const [given] = givenKeys(model, ["model_path"]);
  const isLocal = isMap(model) && model.provider === "local";
  if (isLocal && given === undefined)
    return [{ path: ["model_path"], reason: "is missing", hint: "provider local needs it" }];
  if (isLocal || given === undefined) return [];
  const reason = "stands beside a provider that is not local, and would not be used";
  return [{ path: ["model_path"], reason, hint: "write provider: local" }];
}

export function toDirectConfig(settings: DirectSettings, folder: string) {
  return {
    /** Includes the workspace. */
    workingDir: resolve(folder, settings.working_dir, settings.workspace),
    maxInFlight: settings.max_in_flight,
    chunking: { size: settings.chunk_token_size, overlap: settings.chunk_overlap_token_size },
    llm: toModelConfig(settings.llm),
    embedding: toEmbeddingConfig(settings.embedding, folder),
  };
}

const builtin = { provider: "builtin" } as const;

function toModelConfig(settings: DirectSettings["llm"] | DirectSettings["embedding"]) {
  const { provider, base_url: baseUrl, model } = settings;
  if (provider !== "openai-compatible" || baseUrl === undefined || model === undefined) return builtin;
  return {
    provider,
    baseUrl,
    model,
    apiKey: settings.api_key ?? null,
    concurrency: settings.concurrency,
    timeoutMs: settings.timeout,
    retries: settings.retries,
  };
}

function toEmbeddingConfig(settings: DirectSettings["embedding"], folder: string) {
  if (settings.provider === "local" && settings.model_path !== undefined)
    return { provider: settings.provider, modelPath: resolve(folder, settings.model_path) };
  const model = toModelConfig(settings);
  return model.provider === "builtin" || settings.dimension === undefined
    ? builtin
    : { ...model, dimension: settings.dimension };
}

/**
 * How a run polls documents in a folder. Milliseconds. Work begins with the acceptance: an idle unfinished document was left by a
 * process that has ended, and nothing is ever stuck.
 */
export const embeddedPolling = { stuckAfterMs: Number.POSITIVE_INFINITY, slowestPollMs: 500, quietMs: 50 };
