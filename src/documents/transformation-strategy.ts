import type { Memory } from "../domain/memory.ts";
import type { DocumentParts } from "./document-parts.ts";

/**
 * One way of writing a memory's document. Contract:
 * - Deterministic: the same memory and options give the same bytes, on any machine, in any time zone and locale.
 * - No I/O and no clock of its own; what a strategy needs from outside is passed to its factory.
 * - Never throws for a valid `Memory`.
 * - The text is header and content. `MemoryTransformer` adds the fingerprint.
 * - What the same memory becomes changes only with the form (`formOf`), so that documents of before are known again.
 */
export interface TransformationStrategy {
  readonly name: string;
  transform(memory: Memory): string;
  /** The same in its parts, of which notes that share a document say each once; left out by one that writes a text as a whole. */
  parts?(memory: Memory): DocumentParts;
  /** The text that it was in the first form, under the line of `identified`. */
  firstForm(memory: Memory): string;
}
