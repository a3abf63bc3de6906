import { ConnectorError, isAbort } from "../../../kernel/errors/connector-error.ts";
import type { HttpError } from "../../../kernel/http/http-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import { holdsText } from "../document-text.ts";
import type { DocumentRecord, DocumentRef, OutgoingDocument, SubmitOutcome } from "../light-rag-client.ts";
import type { Dialect } from "./dialect.ts";
import { detailOf } from "./errors.ts";
import type { Finder } from "./finder.ts";
import type { Pipeline } from "./pipeline.ts";

export interface OutcomeResolverParts {
  finder: Finder;
  dialect: Dialect;
  pipeline: Pick<Pipeline, "isBusy">;
  clock: Clock;
  settleMs: number;
  pollMs: number;
}

/** A LightRAG that is idle for so long after the answer was lost is no longer processing the insert. Milliseconds. */
const idleMs = 2_000;

/**
 * Determines the outcome of an insert whose answer was lost: LightRAG may have stored the documents, may be about to, or may never
 * have received the request.
 */
export class OutcomeResolver {
  readonly #parts: OutcomeResolverParts;

  constructor(parts: OutcomeResolverParts) {
    this.#parts = parts;
  }

  /**
   * Resolves to the outcomes, once LightRAG lists every document. Otherwise throws the failure itself if it proves that nothing was
   * accepted, or `SINK_OUTCOME_UNKNOWN`.
   */
  async resolve(
    documents: readonly OutgoingDocument[],
    failure: HttpError,
    signal: AbortSignal,
  ): Promise<SubmitOutcome[]> {
    const { clock, settleMs, pollMs } = this.#parts;
    const begin = clock.monotonic();
    let lastBusyAt = begin;
    for (;;) {
      const records = await this.#lookUp(documents, failure, signal);
      const outcomes = documents.map((document, index) => outcomeOf(document, records[index]));
      if (outcomes.every((outcome) => outcome !== undefined)) return outcomes;
      if (await this.#isAtWork(failure, signal)) lastBusyAt = clock.monotonic();
      const now = clock.monotonic();
      if (now >= begin + settleMs || now >= lastBusyAt + idleMs) {
        const noneTaken = outcomes.every((outcome) => outcome === undefined);
        throw noneTaken && isOwnFailure(failure) ? failure : unknown(documents, failure);
      }
      await clock.sleep(pollMs, signal);
    }
  }

  /**
   * Whether the insert may still be in progress. A request that timed out may be; only 1.5 reports inserts that it is accepting.
   */
  async #isAtWork(failure: HttpError, signal: AbortSignal): Promise<boolean> {
    const { dialect, pipeline } = this.#parts;
    if (failure.failure === "timeout" || dialect.generation === "1.4") return true;
    return await pipeline.isBusy(signal).catch((error: unknown) => {
      if (isAbort(error) || signal.aborted) throw error;
      return true;
    });
  }

  async #lookUp(
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

/** LightRAG itself reported the failure, so the request is not in progress; a proxy's 502 or 504 does not prove that. */
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
