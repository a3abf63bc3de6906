import { createHash } from "node:crypto";
import { summarize, type TextSummary } from "../../sinks/lightrag/document-text.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";

/**
 * What LightRAG holds, as two numbers a document: enough to ask whether it has a name, and whether it has a text under a name. With
 * 48 bits a number, two of a million documents are taken for each other once in some hundred checks; a difference is overlooked then,
 * and none is invented.
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

/** A text under a name, as far as LightRAG shows it. */
export function textNumber(fileSource: string, { contentLength, contentSummary }: TextSummary): number {
  return numberOf(JSON.stringify([fileSource, contentLength, contentSummary]));
}

function numberOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6);
}
