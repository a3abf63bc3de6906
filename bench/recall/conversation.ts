import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseFileSource } from "../../src/documents/file-source.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { MemoryValueCache } from "../../src/kernel/util/value-cache.ts";
import { createBuiltinEmbedder } from "../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { createBuiltinExtractor } from "../../src/sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import { localEmbedding } from "../../src/sinks/lightrag/embedded/models/local/local-embedding.ts";
import type { EmbeddingModel } from "../../src/sinks/lightrag/embedded/models/models.ts";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { FolderSource } from "../../src/sources/files-of-a-folder/folder-source.ts";
import { RecordingReader } from "../../src/sources/transcripts/recording-reader.ts";
import {
  documentsOf,
  type RealContext,
  realDataFile,
  realMemories,
} from "../../test/support/real-memories.ts";

export interface Question {
  question: string;
  /** Ids of the memories that hold the answer; at least one. */
  evidence: string[];
}

/** One conversation with its questions, indexed by direct mode with the builtin models. */
export interface Conversation {
  name: RealContext;
  memories: Memory[];
  documents: OutgoingDocument[];
  questions: Question[];
  client: LightRagDirectClient;
  /** Documents indexed in a second. */
  speed: number;
}

export const { signal } = new AbortController();
export const embedder = await embedderOf(process.argv);

/** The builtin one or, after `--model`, the sentence model of a folder. */
async function embedderOf(words: readonly string[]): Promise<EmbeddingModel> {
  const at = words.indexOf("--model");
  return at < 0 ? createBuiltinEmbedder() : await localEmbedding(words[at + 1] ?? "");
}

/** Where the memories of a conversation come from: as a Memory API lists them, or as a folder of transcripts has them. */
export type Origin = "memory_api" | "transcripts";

export async function indexConversation(
  name: RealContext,
  { folder, origin }: { folder: string; origin: Origin },
): Promise<Conversation> {
  const listed = await realMemories(name);
  const memories = origin === "memory_api" ? listed : await recorded(listed, join(folder, "recordings"));
  const documents = documentsOf(name, memories);
  const workingDir = join(folder, "lightrag");
  const models = { embedding: embedder, extraction: createBuiltinExtractor() };
  const client = new LightRagDirectClient({ workingDir, models });
  await client.connect(signal);
  const start = performance.now();
  for (let at = 0; at < documents.length; at += 100)
    await client.submit(documents.slice(at, at + 100), signal);
  while (await client.isBusy(signal)) await delay(20);
  const speed = documents.length / ((performance.now() - start) / 1000);
  return { name, memories, documents, questions: await questionsOf(name), client, speed };
}

/** The same memories by way of a folder: a text for each recording, as old as the recording. Nothing says where they were made. */
async function recorded(memories: readonly Memory[], root: string): Promise<Memory[]> {
  await mkdir(root, { recursive: true });
  for (const { id, createdAt, transcript } of memories) {
    const file = join(root, `${id}.txt`);
    await writeFile(file, transcript);
    await utimes(file, new Date(createdAt), new Date(createdAt));
  }
  const files = { root, exclude: [], timeZone: "UTC", encoding: null, watch: false, settleMs: 0 };
  const options = { ...files, waitForTextMs: 0, maxFileBytes: 1_000_000 };
  const source = new FolderSource(options, new RecordingReader(options), new MemoryValueCache());
  const all: Memory[] = [];
  const everything = { contextId: "", scope: { kind: "everything" }, limit: 1_000 } as const;
  for await (const page of source.list(everything, signal)) all.push(...page.memories);
  return all;
}

/** The memory that a document was made of. */
export function memoryOf(fileSource: string): string {
  return parseFileSource(fileSource)?.memoryId ?? "";
}

/** Some questions of the data have no evidence and cannot be measured. */
async function questionsOf(name: RealContext): Promise<Question[]> {
  const text = await readFile(realDataFile("questions", name), "utf8");
  return (JSON.parse(text) as Question[]).filter(({ evidence }) => evidence.length > 0);
}
