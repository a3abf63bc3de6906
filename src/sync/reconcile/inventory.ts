import { createHash } from "node:crypto";
import { summarize, type TextSummary } from "../../sinks/lightrag/document-text.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";

/**
 * LightRAG's documents, as two numbers each: sufficient to ask whether a name exists, and whether a text exists under a name. With
 * 48 bits per number, two of a million documents collide once in some hundred checks; a difference is then overlooked, but never
 * invented.
 */
export class Inventory {
  readonly #names = new Set<number>();
  readonly #texts = new Set<number>();

  add(record: DocumentRecord): void {
    this.#names.add(numberOf(record.fileSource));
    this.#texts.add(textNumber(record.fileSource, record));
  }

  hasName(fileSource: string): boolean {
    return this.#names.has(numberOf(fileSource));
  }

  hasText(fileSource: string, text: string): boolean {
    return this.#texts.has(textNumber(fileSource, summarize(text)));
  }
}

/** The number of a text under a name, from what LightRAG shows. */
export function textNumber(fileSource: string, { contentLength, contentSummary }: TextSummary): number {
  return numberOf(JSON.stringify([fileSource, contentLength, contentSummary]));
}

function numberOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6);
}
