import type { Clock } from "../../../kernel/util/clock.ts";
import { summarize, type TextSummary } from "../document-text.ts";
import type { DocumentRecord, DocumentRef, OutgoingDocument } from "../light-rag-client.ts";

interface Acceptance extends TextSummary {
  documentId: string;
  fileSource: string;
  trackId: string;
  /** Milliseconds since the epoch. */
  acceptedAt: number;
  /** On the monotonic clock. */
  expiresAt: number;
}

/**
 * Documents that LightRAG has accepted and need not list yet: it answers an insert before it stores the document, and the
 * larger its store, the longer that takes (LightRAG contract §4.2). For a time of grace they count as pending, so that nobody takes
 * them for lost and sends them again.
 */
export class Acceptances {
  readonly #clock: Clock;
  readonly #graceMs: number;
  /** By track id and name, oldest first. */
  readonly #accepted = new Map<string, Acceptance>();
  /** Before this moment none expires: walking past the places of entries that have left costs as much as those that are there. */
  #nothingExpiresBefore = 0;

  constructor(clock: Clock, graceMs: number) {
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  note(document: OutgoingDocument, documentId: string, trackId: string): void {
    this.#forgetExpired();
    const { fileSource, text } = document;
    this.#accepted.set(keyOf(trackId, fileSource), {
      ...summarize(text),
      documentId,
      fileSource,
      trackId,
      acceptedAt: this.#clock.now(),
      expiresAt: this.#clock.monotonic() + this.#graceMs,
    });
  }

  /** The record of a document that was accepted within the time of grace. */
  pending({ trackId, fileSource }: DocumentRef): DocumentRecord | undefined {
    this.#forgetExpired();
    const found = trackId === undefined ? undefined : this.#accepted.get(keyOf(trackId, fileSource));
    if (found === undefined) return undefined;
    const { documentId, contentSummary, contentLength, acceptedAt } = found;
    return {
      documentId,
      fileSource,
      status: "pending",
      awaited: true,
      trackId,
      chunks: 0,
      error: undefined,
      modelUnavailable: false,
      contentSummary,
      contentLength,
      updatedAt: acceptedAt,
    };
  }

  /** Whether a document of this id was accepted within the time of grace. */
  expects(documentId: string): boolean {
    this.#forgetExpired();
    return this.#accepted.values().some((acceptance) => acceptance.documentId === documentId);
  }

  /** LightRAG lists the document now. */
  seen({ trackId, fileSource }: DocumentRef): void {
    if (trackId !== undefined) this.#accepted.delete(keyOf(trackId, fileSource));
  }

  /** Documents that were removed are gone for good, accepted or not. */
  forget(documentIds: readonly string[]): void {
    const removed = new Set(documentIds);
    for (const [key, { documentId }] of this.#accepted)
      if (removed.has(documentId)) this.#accepted.delete(key);
  }

  #forgetExpired(): void {
    const now = this.#clock.monotonic();
    if (now < this.#nothingExpiresBefore) return;
    this.#nothingExpiresBefore = now + this.#graceMs;
    for (const [key, { expiresAt }] of this.#accepted) {
      if (expiresAt > now) {
        this.#nothingExpiresBefore = expiresAt;
        return;
      }
      this.#accepted.delete(key);
    }
  }
}

function keyOf(trackId: string, fileSource: string): string {
  return `${trackId}\n${fileSource}`;
}
