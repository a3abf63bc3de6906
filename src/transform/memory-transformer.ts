import type { Memory } from "../memory/memory.ts";
import { hasContent } from "./content.ts";
import { factsOf } from "./facts.ts";
import { fileSourceOf } from "./file-source.ts";
import { identified, sha256, shownId } from "./identity-line.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

/** Reasons are public: they are stored in the ledger and counted in reports. */
export type SkipReason =
  | "empty_transcript"
  /** A medium that is wanted could not be read yet. Not a verdict on the memory: what LightRAG holds of it may stay. */
  | "pending_media";

/** A memory made ready for LightRAG, or the reason why it is not sent. Hashes are SHA-256, hex. */
export type Prepared =
  | { kind: "document"; fileSource: string; text: string; contentHash: string }
  | { kind: "skip"; reason: SkipReason; fileSource: string; contentHash: string };

export interface TransformerOptions {
  skipEmptyTranscripts: boolean;
}

/** Decides whether a memory becomes a document and writes it: the strategy's text under a line that says which memory it is. */
export class MemoryTransformer {
  private readonly strategy: TransformationStrategy;
  private readonly options: TransformerOptions;

  constructor(strategy: TransformationStrategy, options: TransformerOptions) {
    this.strategy = strategy;
    this.options = options;
  }

  prepare(contextId: string, memory: Memory): Prepared {
    const fileSource = fileSourceOf(contextId, memory.id);
    const reason = this.skipReason(memory);
    if (reason !== null) {
      return { kind: "skip", reason, fileSource, contentHash: sha256(JSON.stringify(memory)) };
    }
    const subject = `Memory ${shownId(memory.id)} of ${shownId(contextId)}`;
    return { kind: "document", fileSource, ...identified(subject, this.strategy.transform(memory)) };
  }

  private skipReason(memory: Memory): SkipReason | null {
    if (factsOf(memory).pendingMedia) return "pending_media";
    return this.options.skipEmptyTranscripts && !hasContent(memory) ? "empty_transcript" : null;
  }
}
