import type { HttpError } from "../../../kernel/http/http-error.ts";
import type { OutgoingDocument, ServerGeneration } from "../light-rag-client.ts";

/** What an accepted insert was answered with: taken, or not taken because LightRAG holds its name or its text already. */
export type InsertAnswer =
  | { kind: "accepted"; trackId: string }
  | { kind: "exists"; trackId: string | undefined };

/** Where the two generations of LightRAG differ; everything else is the same code for both. */
export interface Dialect {
  readonly generation: ServerGeneration;
  /**
   * Documents of one insert. LightRAG 1.4 drops a whole batch in silence when one of its documents is a duplicate
   * (LightRAG contract §3.3), so it gets singles.
   */
  readonly maxBatch: number;
  documentId(document: OutgoingDocument): string;
  /** Reads the answer of a successful insert. */
  readAnswer(status: string, trackId: string): InsertAnswer;
  /** Whether a refused insert was refused because a document of that name is there. Nothing was taken then. */
  isConflict(refusal: HttpError): boolean;
}
