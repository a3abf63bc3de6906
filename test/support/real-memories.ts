import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import type { Memory } from "../../src/domain/memory.ts";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { readMemoryList } from "../../src/sources/memory-api/parse-memory.ts";
import { type ApiMemory, loadContextFile } from "./memory-api-data.ts";

const folder = join(import.meta.dirname, "../../../shared/data");

/** Why suites over real conversations cannot run here; null when they can. They are not part of the project. */
export const realMemoriesMissing: string | null = existsSync(folder)
  ? null
  : `skipped: ${folder} is not there`;

export const realContexts = ["CTX26", "CTX41", "CTX43", "CTX47", "CTX49"] as const;

/** The same small world in seventeen languages, and in a mixture of three. */
export const languageContexts = [
  ...(["LEN", "LDE", "LFR", "LES", "LIT", "LPT", "LNL", "LPL", "LRU", "LTR"] as const),
  ...(["LAR", "LHE", "LHI", "LTH", "LZH", "LJA", "LKO", "LMIX"] as const),
] as const;
export type RealContext = (typeof realContexts)[number] | (typeof languageContexts)[number];

export async function realMemories(context: RealContext): Promise<Memory[]> {
  return (await readMemoryList(createReadStream(fileOf(context)))).memories;
}

/** The same as the Memory API sends them. */
export function realApiMemories(context: RealContext): ApiMemory[] {
  return loadContextFile(fileOf(context)).memories;
}

function fileOf(context: RealContext): string {
  return realDataFile("memories", context);
}

/** The file with the memories of a conversation, or with the questions to it. */
export function realDataFile(kind: "memories" | "questions" | "gold", context: RealContext): string {
  const place = languageContexts.some((each) => each === context) ? join(folder, "languages") : folder;
  return join(place, `${kind}-${context}.json`);
}

/** The documents of the first memories of a conversation. */
export async function realDocuments(context: RealContext, count: number): Promise<OutgoingDocument[]> {
  return documentsOf(context, await realMemories(context)).slice(0, count);
}

/** The documents that the standard strategy makes of a conversation. */
export function documentsOf(context: RealContext, memories: readonly Memory[]): OutgoingDocument[] {
  const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });
  return memories
    .map((memory) => transformer.prepare(context, memory))
    .flatMap((prepared) => (prepared.kind === "document" ? [prepared] : []))
    .map(({ fileSource, text }) => ({ fileSource, text }));
}
