import { ConnectorError, isAbort } from "../../errors/connector-error.ts";
import type { HttpError } from "../../http/http-error.ts";
import type { Clock } from "../../util/clock.ts";
import { holdsText } from "../document-text.ts";
import type { DocumentRecord, DocumentRef, OutgoingDocument, SubmitOutcome } from "../light-rag-client.ts";
import type { Dialect } from "./dialect.ts";
import { detailOf } from "./errors.ts";
import type { Finder } from "./finder.ts";

export interface SettlerParts {
  finder: Finder;
  dialect: Dialect;
  clock: Clock;
  settleMs: number;
  pollMs: number;
}

/**
 * Finds out what became of an insert whose answer was lost: LightRAG may have stored the documents, may still be about to,
 * or may never have seen the request.
 */
export class Settler {
  readonly #parts: SettlerParts;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /**
   * The outcomes, once LightRAG lists every document. Otherwise throws the failure itself when it proves that nothing was taken,
   * or `SINK_OUTCOME_UNKNOWN`.
   */
  async settle(
    documents: readonly OutgoingDocument[],
    failure: HttpError,
    signal: AbortSignal,
  ): Promise<SubmitOutcome[]> {
    const { clock, settleMs, pollMs } = this.#parts;
    const deadline = clock.monotonic() + settleMs;
    for (;;) {
      const records = await this.#look(documents, failure, signal);
      const outcomes = documents.map((document, index) => outcomeOf(document, records[index]));
      if (outcomes.every((outcome) => outcome !== undefined)) return outcomes;
      if (clock.monotonic() >= deadline) {
        const noneTaken = outcomes.every((outcome) => outcome === undefined);
        throw noneTaken && isOwnFailure(failure) ? failure : unknown(documents, failure);
      }
      await clock.sleep(pollMs, signal);
    }
  }

  async #look(
    documents: readonly OutgoingDocument[],
    failure: HttpError,
    signal: AbortSignal,
  ): Promise<(DocumentRecord | undefined)[]> {
    const refs: DocumentRef[] = documents.map((document) => ({
      fileSource: document.fileSource,
      documentId: this.#parts.dialect.documentId(document),
    }));
    try {
      return await this.#parts.finder.find(refs, signal);
    } catch (error) {
      throw isAbort(error) || signal.aborted ? error : unknown(documents, failure);
    }
  }
}

function outcomeOf(
  document: OutgoingDocument,
  record: DocumentRecord | undefined,
): SubmitOutcome | undefined {
  if (record === undefined) return undefined;
  if (!holdsText(record, document.text) || record.trackId === undefined)
    return { kind: "exists", record, unanswered: true };
  const { documentId, trackId } = record;
  return { kind: "accepted", documentId, trackId, unanswered: true };
}

/** LightRAG itself said that it failed, so the request is not still on its way; a proxy's 502 or 504 does not say that. */
function isOwnFailure(failure: HttpError): boolean {
  return failure.status === 500 && detailOf(failure) !== "";
}

function unknown(documents: readonly OutgoingDocument[], cause: HttpError): ConnectorError {
  const what = documents.length === 1 ? `"${documents[0]?.fileSource}"` : `${documents.length} documents`;
  return new ConnectorError(
    "SINK_OUTCOME_UNKNOWN",
    `the answer to the insert of ${what} was lost: ${cause.message}`,
    {
      cause,
    },
  );
}
