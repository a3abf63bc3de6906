import { readFile } from "node:fs/promises";
import { plural } from "../../../../../kernel/util/readable.ts";
import type { ModelFolder } from "./model-folder.ts";

/** What is used of `onnxruntime-node`. */
interface Runtime {
  InferenceSession: { create(path: string, options: object): Promise<Session> };
  Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => unknown;
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Record<string, unknown>,
  ): Promise<Record<string, { data: Float32Array; dims: readonly number[] }>>;
}
/** What is used of `@huggingface/tokenizers`. */
interface Tokenizers {
  Tokenizer: new (tokenizer: object, config: object) => Tokenizer;
}
interface Tokenizer {
  encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
}

/** The packages that a sentence model needs. They are not installed with this one: the runtime alone is five times its size. */
export const runtimePackages = {
  runtime: "onnxruntime-node",
  tokenizers: "@huggingface/tokenizers",
} as const;

export interface SentenceModel {
  /** A vector of length 1. */
  embed(text: string): Promise<Float32Array>;
}

/** Loads the packages, with `load`, and the files. Throws what they throw. */
export async function loadSentenceModel(folder: ModelFolder, load = imported): Promise<SentenceModel> {
  const { InferenceSession, Tensor } = (await load(runtimePackages.runtime)) as Runtime;
  const { Tokenizer } = (await load(runtimePackages.tokenizers)) as Tokenizers;
  const parts = [folder.tokenizer, folder.tokenizerConfig].map(async (path) =>
    JSON.parse(await readFile(path, "utf8")),
  );
  const [rules, config] = (await Promise.all(parts)) as [object, object];
  const tokenizer = new Tokenizer(rules, config);
  const session = await InferenceSession.create(folder.network, { intraOpNumThreads: 1 });
  const ends = endsOf(tokenizer);
  return {
    async embed(text) {
      const { ids } = tokenizer.encode(text, { add_special_tokens: false });
      const sum = new Float32Array(folder.dimension);
      // A text that is longer than the model reads is read in parts, so that its end counts as its beginning does.
      for (const part of partsOf(ids, folder.maxTokens - ends.length)) {
        const [first, last] = [ends.slice(0, -1), ends.slice(-1)];
        const vector = await vectorOf([...first, ...part, ...last]);
        vector.forEach((value, at) => {
          sum[at] = (sum[at] as number) + value * Math.max(1, part.length);
        });
      }
      return normalised(sum);
    },
  };

  /** One text at a time: numbers of 8 bits are scaled by all that is read at once, so that a vector would depend on its company. */
  async function vectorOf(ids: readonly number[]): Promise<Float32Array> {
    const tensor = (values: readonly number[]) =>
      new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
    const inputs = new Map([
      ["input_ids", tensor(ids)],
      ["attention_mask", tensor(ids.map(() => 1))],
      ["token_type_ids", tensor(ids.map(() => 0))],
    ]);
    const answer = await session.run(
      Object.fromEntries([...inputs].filter(([name]) => session.inputNames.includes(name))),
    );
    const name =
      session.outputNames.find((each) => each === "sentence_embedding") ?? session.outputNames[0] ?? "";
    const { data, dims } = answer[name] as { data: Float32Array; dims: readonly number[] };
    const width = dims.at(-1) ?? 0;
    if (width !== folder.dimension)
      throw new Error(
        `gave vectors of ${plural(width, "number")} where config.json says ${folder.dimension}`,
      );
    return dims.length === 2 || folder.pooling === "first" ? data.slice(0, width) : meanOf(data, width);
  }
}

const imported = (name: string): Promise<unknown> => import(name);

/** The tokens that stand around every text. */
function endsOf(tokenizer: Tokenizer): number[] {
  return tokenizer.encode("").ids.slice(0, 2);
}

function partsOf(ids: readonly number[], size: number): number[][] {
  const count = Math.max(1, Math.ceil(ids.length / size));
  return Array.from({ length: count }, (_, i) => ids.slice(i * size, (i + 1) * size));
}

function meanOf(data: Float32Array, width: number): Float32Array {
  const mean = new Float32Array(width);
  const count = data.length / width;
  data.forEach((value, i) => {
    mean[i % width] = (mean[i % width] as number) + value / count;
  });
  return mean;
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
