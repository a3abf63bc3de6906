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
 * Documents that LightRAG has accepted and may not list yet: it answers an insert before it stores the document, and the larger its
 * store, the longer that takes (LightRAG contract §4.2). For a grace period they count as pending, so that they are not considered
 * lost and sent again.
 */
export class Acceptances {
  readonly #clock: Clock;
  readonly #graceMs: number;
  /** By track id and name, oldest first. */
  readonly #accepted = new Map<string, Acceptance>();
  /** None expires before this time: iterating over the slots of deleted map entries costs as much as over live ones. */
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

  /** The record of a document that was accepted within the grace period. */
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

  /** Whether a document of this id was accepted within the grace period. */
  expects(documentId: string): boolean {
    this.#forgetExpired();
    return this.#accepted.values().some((acceptance) => acceptance.documentId === documentId);
  }

  /** Call when LightRAG lists the document. */
  seen({ trackId, fileSource }: DocumentRef): void {
    if (trackId !== undefined) this.#accepted.delete(keyOf(trackId, fileSource));
  }

  /** Removed documents are gone, accepted or not. */
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
