import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { ConnectorError } from "../../../../../kernel/errors/connector-error.ts";

/** A sentence model as sentence-transformers export it to ONNX. */
export interface ModelFolder {
  /** `local:` and what its files are, so that it is the same wherever they lie. */
  id: string;
  dimension: number;
  /** How many tokens it reads at once, those at both ends included. */
  maxTokens: number;
  /** Whether the first token stands for the text, or the mean of all. */
  pooling: "first" | "mean";
  network: string;
  tokenizer: string;
  tokenizerConfig: string;
}

const sizes = z.object({ hidden_size: z.int().positive(), max_position_embeddings: z.int().optional() });
const reading = z.object({ max_seq_length: z.int().min(8).optional() });
const pooled = z.object({ pooling_mode_cls_token: z.boolean().optional() });

/** Throws `MODEL_FILES_UNUSABLE` when a file is missing or of another form. */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  const network = await presentFile(folder, "model.onnx", "onnx/model.onnx");
  const tokenizer = await presentFile(folder, "tokenizer.json");
  const tokenizerConfig = await presentFile(folder, "tokenizer_config.json");
  const config = sizes.safeParse(await readJson(await presentFile(folder, "config.json"))).data;
  if (config === undefined) throw unusableFiles(folder, "config.json does not say the hidden_size");
  const { max_seq_length: told } = await optionalSettings(folder, "sentence_bert_config.json", reading);
  const { pooling_mode_cls_token: first = false } = await optionalSettings(
    folder,
    "1_Pooling/config.json",
    pooled,
  );
  return {
    id: `local:${await fingerprintOf([network, tokenizer])}`,
    dimension: config.hidden_size,
    maxTokens: Math.min(told ?? 512, config.max_position_embeddings ?? 512),
    pooling: first ? "first" : "mean",
    network,
    tokenizer,
    tokenizerConfig,
  };
}

export function unusableFiles(folder: string, what: string, cause?: unknown): ConnectorError {
  const message = `the sentence model cannot be used: ${what}`;
  return new ConnectorError("MODEL_FILES_UNUSABLE", message, { subject: folder, cause });
}

/** The first of these files that is there. */
async function presentFile(folder: string, ...names: readonly string[]): Promise<string> {
  const found = names.map((name) => join(folder, name)).find(existsSync);
  if (found === undefined) throw unusableFiles(folder, `there is no ${names.join(" or ")}`);
  return found;
}

async function optionalSettings<Settings>(
  folder: string,
  name: string,
  schema: z.ZodType<Settings>,
): Promise<Settings> {
  const path = join(folder, name);
  const { data, error } = schema.safeParse(existsSync(path) ? await readJson(path) : {});
  if (error !== undefined)
    throw unusableFiles(folder, `${name} is not as sentence-transformers write it`, error);
  return data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw unusableFiles(path, `${basename(path)} is no JSON`, error);
  }
}

async function fingerprintOf(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths)
    await pipeline(createReadStream(path), async (bytes) => {
      for await (const piece of bytes) hash.update(piece as Buffer);
    });
  return hash.digest("hex").slice(0, 16);
}
