import { factsOf, type Memory } from "../domain/memory.ts";
import { hasContent } from "./content.ts";
import { type DocumentForm, documentForms } from "./document-forms.ts";
import { fileSourceOf } from "./file-source.ts";
import type { FilterChoice } from "./filter-choice.ts";
import { fingerprinted, sha256 } from "./fingerprint.ts";
import { identified, shownId } from "./first-form/identity-line.ts";
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
  | WrittenDocument
  | { kind: "skip"; reason: SkipReason; fileSource: string; contentHash: string };

export interface WrittenDocument {
  kind: "document";
  form: DocumentForm;
  fileSource: string;
  text: string;
  contentHash: string;
}

/** The result for a memory: a document, nothing, or a note in the document of a group. */
export type Prepared = Written | (Omit<WrittenDocument, "kind"> & { kind: "note"; groupKey: string });

export interface TransformerOptions {
  skipEmptyTranscripts: boolean;
  /** Which memories the connector carries. Default: all. */
  filter?: Pick<FilterChoice, "fits"> | null | undefined;
  /** Takes words out of every document. Default: none. */
  redactor?: Pick<Redactor, "memory" | "id"> | null | undefined;
  /** Which notes share a document. Default: none. */
  merge?: MergeRule | null | undefined;
}

/** Decides whether a memory becomes a document and writes it: the strategy's text with a fingerprint. */
export class MemoryTransformer {
  readonly #strategy: TransformationStrategy;
  readonly #options: TransformerOptions;

  constructor(strategy: TransformationStrategy, options: TransformerOptions) {
    this.#strategy = strategy;
    this.#options = options;
  }

  /** Whether the connector carries the memory; nothing has to be found out about any other. */
  chooses(memory: Memory): boolean {
    return this.#options.filter?.fits(memory) !== false;
  }

  /**
   * Turns a memory of the source into a document, a skip, or a note: in the form in which its hash is the one that is `known`, else in the
   * newest, so that a document of an older form is the same as long as its memory is.
   */
  prepare(contextId: string, memory: Memory, known: string | null = null): Prepared {
    return knownOf(
      this.#forms(contextId, memory).map((written) => this.#preparedOf(memory, written)),
      known,
    );
  }

  /**
   * Writes the document of a memory, or of the notes of a group, in the form in which its hash is the one that is `known`, else in the newest.
   * Also one that was kept before words were to be taken out.
   */
  write(contextId: string, kept: Memory, known: string | null = null): Written {
    return knownOf(this.#forms(contextId, kept), known);
  }

  /** The same in every form, the newest first. */
  writeForms(contextId: string, kept: Memory): Written[] {
    return [...this.#forms(contextId, kept)];
  }

  #preparedOf(memory: Memory, written: Written): Prepared {
    const { merge = null } = this.#options;
    const groupKey = written.kind === "skip" || merge === null ? null : groupKeyOf(memory, merge);
    if (written.kind === "skip" || groupKey === null) return written;
    // Differs from the hash of the same memory as a document of its own.
    const contentHash = sha256(`${groupKey}\n${written.contentHash}`);
    return { ...written, kind: "note", groupKey, contentHash };
  }

  /** Lazily: hardly any older form is asked for. */
  *#forms(contextId: string, kept: Memory): Generator<Written> {
    const { redactor = null } = this.#options;
    const memory = redactor?.memory(kept) ?? kept;
    if (memory.members !== undefined) {
      const { id, members } = memory;
      for (const form of documentForms)
        yield {
          kind: "document",
          ...groupDocument(contextId, id, members, { form, strategy: this.#strategy }),
        };
      return;
    }
    const fileSource = fileSourceOf(contextId, memory.id);
    const reason = memory.id === kept.id ? this.#skipReason(memory) : "id_redacted";
    if (reason !== null) {
      yield { kind: "skip", reason, fileSource, contentHash: sha256(JSON.stringify(memory)) };
      return;
    }
    for (const form of documentForms)
      yield { kind: "document", form, fileSource, ...this.#textIn(form, contextId, memory) };
  }

  #textIn(form: DocumentForm, contextId: string, memory: Memory) {
    if (form === 2) return fingerprinted([contextId, memory.id], this.#strategy.transform(memory));
    const subject = `Memory ${shownId(memory.id)} of ${shownId(contextId)}`;
    return identified(subject, this.#strategy.firstForm(memory));
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

/** The one with this hash, else the first. */
function knownOf<Form extends { contentHash: string }>(forms: Iterable<Form>, known: string | null): Form {
  let newest: Form | undefined;
  for (const form of forms) {
    newest ??= form;
    if (known === null || form.contentHash === known) return form;
  }
  if (newest === undefined) throw new Error("a memory has a form");
  return newest;
}
