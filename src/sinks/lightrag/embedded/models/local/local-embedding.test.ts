import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localEmbedding } from "./local-embedding.ts";
import { openModelFolder } from "./model-folder.ts";
import { loadSentenceModel, runtimePackages } from "./sentence-model.ts";

const { signal } = new AbortController();
const isInstalled = await Promise.all(Object.values(runtimePackages).map((name) => import(name))).then(
  () => true,
  () => false,
);

/** Words are tokens; every token is a row of the table. */
const words = ["[UNK]", "[CLS]", "[SEP]", "sail", "mast", "torn"];
const table = [0, 0, 1, 0, 0, 1, 2, 0, 0, 2, 3, 3];

async function folder(files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "memory-connector-model-"));
  onTestFinished(() => rm(path, { recursive: true }));
  const all = {
    "model.onnx": tinyModel(table, words.length),
    "tokenizer.json": JSON.stringify(tokenizer),
    "tokenizer_config.json": "{}",
    "config.json": JSON.stringify({ hidden_size: 2, max_position_embeddings: 4 }),
    ...files,
  };
  for (const [name, content] of Object.entries(all))
    if (content !== "") await writeFile(join(path, name), content);
  return path;
}

const tokenizer = {
  version: "1.0",
  added_tokens: [],
  normalizer: { type: "Lowercase" },
  pre_tokenizer: { type: "Whitespace" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [1], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [2], tokens: ["[SEP]"] },
    },
  },
  decoder: null,
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
};

/** An ONNX file with one node, which looks the tokens up in a table. */
function tinyModel(rows: readonly number[], count: number): Uint8Array {
  const bytes = (field: number, content: Uint8Array | string) => {
    const data = Buffer.from(content);
    return Buffer.concat([varint(field * 8 + 2), varint(data.length), data]);
  };
  const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);
  const dimension = (value: number | string) =>
    bytes(1, typeof value === "string" ? bytes(2, value) : number(1, value));
  const valueInfo = (name: string, type: number, ...dimensions: (number | string)[]) => {
    const shape = Buffer.concat(dimensions.map(dimension));
    return Buffer.concat([
      bytes(1, name),
      bytes(2, bytes(1, Buffer.concat([number(1, type), bytes(2, shape)]))),
    ]);
  };
  const node = Buffer.concat([
    bytes(1, "table"),
    bytes(1, "input_ids"),
    bytes(2, "last_hidden_state"),
    bytes(4, "Gather"),
  ]);
  const weights = Buffer.concat([
    number(1, count),
    number(1, 2),
    number(2, 1),
    bytes(8, "table"),
    bytes(9, new Uint8Array(Float32Array.from(rows).buffer)),
  ]);
  const graph = Buffer.concat([
    bytes(1, node),
    bytes(2, "g"),
    bytes(5, weights),
    bytes(11, valueInfo("input_ids", 7, "batch", "length")),
    bytes(12, valueInfo("last_hidden_state", 1, "batch", "length", 2)),
  ]);
  return Buffer.concat([number(1, 8), bytes(7, graph), bytes(8, number(2, 13))]);
}

function varint(value: number): Buffer {
  const rest = Math.floor(value / 128);
  return rest === 0 ? Buffer.of(value) : Buffer.concat([Buffer.of((value % 128) | 128), varint(rest)]);
}

test.each([
  ["model.onnx", "there is no model.onnx or onnx/model.onnx"],
  ["tokenizer.json", "there is no tokenizer.json"],
  ["config.json", "there is no config.json"],
])("a folder without %s is no model", async (name, reason) => {
  await expect(openModelFolder(await folder({ [name]: "" }))).rejects.toMatchObject({
    code: "MODEL_FILES_UNUSABLE",
    message: expect.stringContaining(reason),
  });
});

test("a configuration that is no JSON, does not say how long vectors are, or is of another form, is said", async () => {
  const files = [
    { "config.json": "{" },
    { "config.json": "{}" },
    { "sentence_bert_config.json": '{ "max_seq_length": "long" }' },
  ];
  for (const each of files)
    await expect(openModelFolder(await folder(each))).rejects.toMatchObject({ code: "MODEL_FILES_UNUSABLE" });
});

test("a model is known by its files, wherever they lie", async () => {
  const ids = await Promise.all(
    [folder(), folder(), folder({ "tokenizer.json": "{}" })].map(
      async (path) => (await openModelFolder(await path)).id,
    ),
  );
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

/** The packages as they would answer; every token is its row of the table. */
const packages =
  (asked: number[][], inputNames = ["input_ids", "attention_mask"]) =>
  async (name: string) =>
    name === runtimePackages.runtime
      ? {
          Tensor: class {
            readonly data: BigInt64Array;
            constructor(_type: string, data: BigInt64Array) {
              this.data = data;
            }
          },
          InferenceSession: {
            create: async () => ({
              inputNames,
              outputNames: ["last_hidden_state"],
              async run(feeds: Record<string, { data: BigInt64Array }>) {
                expect(Object.keys(feeds)).toEqual(inputNames);
                const ids = [...(feeds.input_ids?.data ?? [])].map(Number);
                asked.push(ids);
                const rows = ids.flatMap((id) => table.slice(2 * id, 2 * id + 2));
                return { last_hidden_state: { data: Float32Array.from(rows), dims: [1, ids.length, 2] } };
              },
            }),
          },
        }
      : {
          Tokenizer: class {
            encode(text: string, { add_special_tokens: ends = true } = {}) {
              const ids = text
                .split(" ")
                .filter(Boolean)
                .map((word) => words.indexOf(word));
              return { ids: ends ? [1, ...ids, 2] : ids };
            }
          },
        };

test("the mean of all tokens stands for a text, at length 1; a long one is read in parts", async () => {
  const asked: number[][] = [];
  const model = await loadSentenceModel(await openModelFolder(await folder()), packages(asked));
  const vector = await model.embed("sail sail mast");
  expect(asked).toEqual([
    [1, 3, 3, 2],
    [1, 4, 2],
  ]);
  // (5, 1) of four twice, and (1, 3) of three.
  const sum = [(2 * 5) / 4 + 1 / 3, (2 * 1) / 4 + 3 / 3] as const;
  const length = Math.hypot(...sum);
  expect(vector[0]).toBeCloseTo(sum[0] / length);
  expect(vector[1]).toBeCloseTo(sum[1] / length);
});

test("a model whose first token stands for a text is read so", async () => {
  const path = await folder();
  const opened = { ...(await openModelFolder(path)), pooling: "first" as const };
  const model = await loadSentenceModel(opened, packages([]));
  expect([...(await model.embed("mast"))]).toEqual([1, 0]);
});

test("a network of another width than its configuration says is not taken", async () => {
  const path = await folder({ "config.json": JSON.stringify({ hidden_size: 3 }) });
  const model = await loadSentenceModel(await openModelFolder(path), packages([]));
  await expect(model.embed("mast")).rejects.toThrow("vectors of 2 numbers where config.json says 3");
});

test.skipIf(isInstalled)(
  "what is missing to run a model is named, with the command that installs it",
  async () => {
    await expect(localEmbedding(await folder())).rejects.toMatchObject({
      code: "MODEL_RUNTIME_MISSING",
      subject: runtimePackages.runtime,
      hint: expect.stringContaining("npm install onnxruntime-node@1 @huggingface/tokenizers@0.2"),
    });
  },
);

test.skipIf(!isInstalled)(
  "a model of files is run in a thread, always alike (skipped where its packages are not installed)",
  async () => {
    const model = await localEmbedding(await folder());
    onTestFinished(() => model.close?.());
    expect(model.dimension).toBe(2);
    const texts = ["Sail", "mast", "torn sail", "Sail"];
    const vectors = await model.embed(texts, signal);
    expect(vectors).toHaveLength(4);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1);
    expect(vectors[3]).toEqual(vectors[0]);
    expect(vectors[1]).not.toEqual(vectors[0]);
    expect(await model.embed([], signal)).toEqual([]);
    await expect(model.embed(["sail"], AbortSignal.abort())).rejects.toThrow();
  },
);
