import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseFileSource } from "../../src/documents/file-source.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { createBuiltinEmbedder } from "../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { createBuiltinExtractor } from "../../src/sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { type RealContext, realDocuments, realMemories } from "../../test/support/real-memories.ts";

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

const folder = join(import.meta.dirname, "../../../shared/data");
export const { signal } = new AbortController();
export const embedder = createBuiltinEmbedder();

export async function indexConversation(name: RealContext, workingDir: string): Promise<Conversation> {
  const memories = await realMemories(name);
  const documents = await realDocuments(name, memories.length);
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

/** The memory that a document was made of. */
export function memoryOf(fileSource: string): string {
  return parseFileSource(fileSource)?.memoryId ?? "";
}

/** Some questions of the data have no evidence and cannot be measured. */
async function questionsOf(name: RealContext): Promise<Question[]> {
  const text = await readFile(join(folder, `questions-${name}.json`), "utf8");
  return (JSON.parse(text) as Question[]).filter(({ evidence }) => evidence.length > 0);
}
