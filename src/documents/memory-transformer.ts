import { factsOf, type Memory } from "../domain/memory.ts";
import { hasContent } from "./content.ts";
import { fileSourceOf } from "./file-source.ts";
import { FilterChoice } from "./filter-choice.ts";
import { identified, sha256, shownId } from "./identity-line.ts";
import { groupDocument, groupKeyOf, type MergeRule } from "./note-group.ts";
import type { Redactor } from "./redact/redactor.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

/** Reasons are public: they are stored in the ledger and counted in reports. */
export type SkipReason =
  | "empty_transcript"
  /** It is none of those that the connector carries. */
  | "not_chosen"
  /** It stands in the ledger under an id with words that are taken out by now; its source shows it under another one. */
  | "id_redacted"
  /** A wanted medium could not be read yet. This says nothing about the memory: its document in LightRAG may stay. */
  | "pending_media";

/** The document of a memory, or the reason why none is sent. Hashes are SHA-256, hex. */
export type Written =
  | { kind: "document"; fileSource: string; text: string; contentHash: string }
  | { kind: "skip"; reason: SkipReason; fileSource: string; contentHash: string };

/** The result for a memory: a document, nothing, or a note in the document of a group. */
export type Prepared =
  | Written
  | { kind: "note"; groupKey: string; fileSource: string; text: string; contentHash: string };

export interface TransformerOptions {
  skipEmptyTranscripts: boolean;
  /** Which memories the connector carries, as `readChoice` reads it. Default: all. */
  filter?: string | null | undefined;
  /** Takes words out of every document. Default: none. */
  redactor?: Pick<Redactor, "memory" | "id"> | null | undefined;
  /** Which notes share a document. Default: none. */
  merge?: MergeRule | null | undefined;
}

/** Decides whether a memory becomes a document and writes it: the strategy's text under a line that identifies the memory. */
export class MemoryTransformer {
  readonly #strategy: TransformationStrategy;
  readonly #options: TransformerOptions;
  readonly #choice: FilterChoice | null;

  /** Throws a `ChoiceProblem`. */
  constructor(strategy: TransformationStrategy, options: TransformerOptions) {
    this.#strategy = strategy;
    this.#options = options;
    this.#choice = options.filter == null ? null : new FilterChoice(options.filter);
  }

  /** Whether the connector carries the memory; nothing has to be found out about any other. */
  chooses(memory: Memory): boolean {
    return this.#choice?.fits(memory) !== false;
  }

  /** Turns a memory of the source into a document, a skip, or a note. */
  prepare(contextId: string, memory: Memory): Prepared {
    const written = this.write(contextId, memory);
    const { merge = null } = this.#options;
    const groupKey = written.kind === "skip" || merge === null ? null : groupKeyOf(memory, merge);
    if (written.kind === "skip" || groupKey === null) return written;
    // Differs from the hash of the same memory as a document of its own.
    const contentHash = sha256(`${groupKey}\n${written.contentHash}`);
    return { ...written, kind: "note", groupKey, contentHash };
  }

  /** Writes the document of a memory, or of the notes of a group. Also one that was kept before words were to be taken out. */
  write(contextId: string, kept: Memory): Written {
    const { redactor = null } = this.#options;
    const memory = redactor?.memory(kept) ?? kept;
    if (memory.members !== undefined) {
      return { kind: "document", ...groupDocument(contextId, memory.id, memory.members, this.#strategy) };
    }
    const fileSource = fileSourceOf(contextId, memory.id);
    const reason = memory.id === kept.id ? this.#skipReason(memory) : "id_redacted";
    if (reason !== null) {
      return { kind: "skip", reason, fileSource, contentHash: sha256(JSON.stringify(memory)) };
    }
    const subject = `Memory ${shownId(memory.id)} of ${shownId(contextId)}`;
    return { kind: "document", fileSource, ...identified(subject, this.#strategy.transform(memory)) };
  }

  #skipReason(memory: Memory): SkipReason | null {
    if (!this.chooses(memory)) return "not_chosen";
    const { pendingMedia, unreadable } = factsOf(memory);
    if (pendingMedia) return "pending_media";
    // The memory is not empty: its content could not be read, and its document says so.
    if (unreadable !== undefined) return null;
    return this.#options.skipEmptyTranscripts && !hasContent(memory) ? "empty_transcript" : null;
  }
}
