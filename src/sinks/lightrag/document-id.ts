import { createHash } from "node:crypto";
import { cleanText } from "./clean-text.ts";
import type { OutgoingDocument, ServerGeneration } from "./light-rag-client.ts";

/**
 * The id that LightRAG gives to a document: a digest of its name since 1.5, of its stored text before (LightRAG contract §3.3).
 * LightRAG must keep the name unchanged, see `isPlainFileSource`.
 */
export function documentIdOf(generation: ServerGeneration, document: OutgoingDocument): string {
  const seed = generation === "1.5" ? document.fileSource : cleanText(document.text);
  return `doc-${createHash("md5").update(seed).digest("hex")}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that LightRAG refuses in a name
const refused = /[\x00-\x1F\x7F\p{Cs}\uFFFE\uFFFF/]|^\s|\s$|\.\[[^\]]*\]\.[^.]*$/u;
const placeholders = new Set(["", ".", "unknown_source", "no-file-path"]);

/**
 * Whether both generations keep this name unchanged. LightRAG 1.5 would strip folders, surrounding white space and parser hints
 * (`.[…].md`), and so take different names for one document (LightRAG contract §3.2).
 */
export function isPlainFileSource(name: string): boolean {
  return !placeholders.has(name) && !refused.test(name);
}
