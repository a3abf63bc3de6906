import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./tool-cache.ts";

interface Tokenizer {
  /** Name under which Python's tiktoken looks for the file in its cache. */
  fileName: string;
  sha256: string;
  ranks(): Promise<string>;
}

/** The two encodings that LightRAG loads at start (LightRAG contract §8.8). */
const tokenizers: Tokenizer[] = [
  {
    fileName: "fb374d419588a4632f3f557e76b4b70aebbca790",
    sha256: "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ranks: async () => (await import("js-tiktoken/ranks/o200k_base")).default.bpe_ranks,
  },
  {
    fileName: "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
    sha256: "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ranks: async () => (await import("js-tiktoken/ranks/cl100k_base")).default.bpe_ranks,
  },
];

/**
 * A folder for `TIKTOKEN_CACHE_DIR` with the files that Python's tiktoken would download, made from the ranks in
 * js-tiktoken, so that a LightRAG server starts without a network.
 */
export async function tokenizerFolder(): Promise<string> {
  const folder = join(cacheFolder(), "tiktoken");
  mkdirSync(folder, { recursive: true });
  for (const tokenizer of tokenizers) await writeTokenizer(folder, tokenizer);
  return folder;
}

async function writeTokenizer(folder: string, tokenizer: Tokenizer): Promise<void> {
  const path = join(folder, tokenizer.fileName);
  if (existsSync(path) && sha256(readFileSync(path)) === tokenizer.sha256) return;
  const content = Buffer.from(tiktokenFile(await tokenizer.ranks()));
  if (sha256(content) !== tokenizer.sha256)
    throw new Error(`js-tiktoken no longer holds ${tokenizer.fileName}`);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/** Lines of "marker, first rank, tokens" become lines of "token, rank". */
function tiktokenFile(ranks: string): string {
  const lines: string[] = [];
  for (const row of ranks.split("\n").filter(Boolean)) {
    const [, start, ...tokens] = row.split(" ");
    tokens.forEach((token, index) => {
      lines.push(`${token} ${Number(start) + index}\n`);
    });
  }
  return lines.join("");
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
