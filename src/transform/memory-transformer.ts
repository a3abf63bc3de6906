import { createHash } from "node:crypto";
import type { Memory } from "../memory/memory.ts";
import { fileSourceOf } from "./file-source.ts";
import { foldWhiteSpace } from "./header.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

/** Reasons are public: they are stored in the ledger and counted in reports. */
export type SkipReason = "empty_transcript";

/** A memory made ready for LightRAG, or the reason why it is not sent. Hashes are SHA-256, hex. */
export type Prepared =
  | { kind: "document"; fileSource: string; text: string; contentHash: string }
  | { kind: "skip"; reason: SkipReason; fileSource: string; contentHash: string };

export interface TransformerOptions {
  skipEmptyTranscripts: boolean;
}

/** Ids longer than this are shortened in the identity line, so that the revision stays within LightRAG's content summary. */
const shownIdLength = 80;

/**
 * Decides whether a memory becomes a document and writes it: the strategy's text under a line that says which memory it is and
 * carries a revision, a fingerprint of the text. LightRAG has no metadata channel and shows only the first 250 characters and the
 * length of what it holds (contract §4.2), so this line is what proves later that it holds the same text. It also keeps equal
 * transcripts apart, which LightRAG 1.4 would take for one document.
 */
export class MemoryTransformer {
  private readonly strategy: TransformationStrategy;
  private readonly options: TransformerOptions;

  constructor(strategy: TransformationStrategy, options: TransformerOptions) {
    this.strategy = strategy;
    this.options = options;
  }

  prepare(contextId: string, memory: Memory): Prepared {
    const fileSource = fileSourceOf(contextId, memory.id);
    if (this.options.skipEmptyTranscripts && memory.transcript.trim() === "") {
      return {
        kind: "skip",
        reason: "empty_transcript",
        fileSource,
        contentHash: sha256(JSON.stringify(memory)),
      };
    }
    const body = this.strategy.transform(memory);
    const identity = `Memory ${shown(memory.id)} of ${shown(contextId)} (revision ${sha256(body).slice(0, 12)})`;
    const text = `${identity}\n${body}`;
    return { kind: "document", fileSource, text, contentHash: sha256(text) };
  }
}

function shown(id: string): string {
  const folded = foldWhiteSpace(id);
  return folded.length <= shownIdLength ? folded : `${folded.slice(0, shownIdLength)}…`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
