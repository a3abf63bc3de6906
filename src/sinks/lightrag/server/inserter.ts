import { ConnectorError, isAbort, isConnectorError } from "../../../kernel/errors/connector-error.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import { halvesOf } from "../../../kernel/util/collections.ts";
import type { OutgoingDocument, SubmitOutcome } from "../light-rag-client.ts";
import { localRejection, rejection, tooLarge } from "../rejection.ts";
import type { Acceptances } from "./acceptances.ts";
import type { Dialect, InsertAnswer } from "./dialect.ts";
import type { DuplicateResolver } from "./duplicate-resolver.ts";
import { sinkBusy, toSinkError } from "./errors.ts";
import type { Finder } from "./finder.ts";
import { batchesOf, insertRequest, refusalOf } from "./insert-request.ts";
import type { OutcomeResolver } from "./outcome-resolver.ts";
import { readAs, type Session } from "./session.ts";
import { insertAnswer } from "./wire.ts";

export interface InserterParts {
  session: Session;
  dialect: Dialect;
  acceptances: Acceptances;
  finder: Finder;
  resolver: DuplicateResolver;
  outcomeResolver: OutcomeResolver;
  clock: Clock;
  /** How long the rest of a batch waits for a server that has accepted a part of it. Milliseconds. */
  patienceMs: number;
}

type Batch = readonly OutgoingDocument[];

/** Sends documents to LightRAG, each at most once, and determines the outcome of each. */
export class Inserter {
  readonly #parts: InserterParts;

  constructor(parts: InserterParts) {
    this.#parts = parts;
  }

  /** Outcomes in the order of the documents. */
  async submit(documents: Batch, signal: AbortSignal): Promise<SubmitOutcome[]> {
    const rejections = documents.map(localRejection);
    const sendable = documents.filter((_, index) => rejections[index] === undefined);
    const inOrder = (await this.#sendAll(sendable, signal)).values();
    return rejections.map((error) => (error === undefined ? taken(inOrder) : { kind: "rejected", error }));
  }

  async #sendAll(documents: Batch, signal: AbortSignal): Promise<SubmitOutcome[]> {
    try {
      return await this.#sendEach(batchesOf(documents, this.#parts.dialect.maxBatch), signal);
    } catch (error) {
      throw toSinkError(error);
    }
  }

  async #sendEach(batches: readonly Batch[], signal: AbortSignal): Promise<SubmitOutcome[]> {
    const outcomes: SubmitOutcome[] = [];
    for (const batch of batches) {
      if (outcomes.some(({ kind }) => kind === "accepted"))
        outcomes.push(...(await this.#sendRest(batch, signal)));
      else outcomes.push(...(await this.#send(batch, signal)));
    }
    return outcomes;
  }

  /** A part of the call was accepted, so that it cannot be repeated later: the rest waits here while the server is at its limit. */
  async #sendRest(batch: Batch, signal: AbortSignal): Promise<SubmitOutcome[]> {
    const { clock, patienceMs } = this.#parts;
    const deadline = clock.monotonic() + patienceMs;
    for (;;) {
      try {
        return await this.#send(batch, signal);
      } catch (error) {
        if (isAbort(error) || signal.aborted) throw error;
        const waitMs = isConnectorError(error, "SINK_BUSY") ? error.retryAfterMs : undefined;
        if (waitMs === undefined || clock.monotonic() + waitMs > deadline) throw partlyTaken(error);
        await clock.sleep(waitMs, signal);
      }
    }
  }

  async #send(batch: Batch, signal: AbortSignal): Promise<SubmitOutcome[]> {
    let answer: InsertAnswer;
    try {
      answer = await this.#post(batch, signal);
    } catch (error) {
      if (error instanceof HttpError) return await this.#afterFailure(error, batch, signal);
      throw error;
    }
    if (answer.kind === "accepted") return this.#accepted(batch, answer.trackId);
    return await this.#existing(batch, answer.trackId, signal);
  }

  async #post(batch: Batch, signal: AbortSignal): Promise<InsertAnswer> {
    const request = insertRequest(batch);
    const { status, track_id } = readAs(
      insertAnswer,
      await this.#parts.session.send(request, signal),
      request,
    );
    if (status === "failure")
      throw new ConnectorError("SINK_SERVER_ERROR", "LightRAG did not take the insert");
    return this.#parts.dialect.readAnswer(status, track_id ?? "");
  }

  #accepted(batch: Batch, trackId: string): SubmitOutcome[] {
    const { dialect, acceptances } = this.#parts;
    return batch.map((document) => {
      const documentId = dialect.documentId(document);
      acceptances.note(document, documentId, trackId);
      return { kind: "accepted", documentId, trackId };
    });
  }

  async #afterFailure(error: HttpError, batch: Batch, signal: AbortSignal): Promise<SubmitOutcome[]> {
    const refusal = refusalOf(error, this.#parts.dialect);
    if (refusal === "later") throw sinkBusy("LightRAG takes no documents now", error.retryAfterMs, error);
    if (refusal === "final") throw error;
    if (refusal === "lost") return await this.#parts.outcomeResolver.resolve(batch, error, signal);
    if (refusal === "conflict") return await this.#afterConflict(batch, signal);
    // Nothing was accepted, and the answer does not say which documents are the cause.
    if (batch.length > 1) return await this.#sendEach(halvesOf(batch), signal);
    return batch.map(({ fileSource }) => ({ kind: "rejected", error: rejectionBy(error, fileSource) }));
  }

  /** The server holds at least one of the names, and accepted nothing: those that it lists are not sent again. */
  async #afterConflict(batch: Batch, signal: AbortSignal): Promise<SubmitOutcome[]> {
    if (batch.length === 1) return await this.#existing(batch, undefined, signal);
    const { finder, dialect } = this.#parts;
    const refs = batch.map((document) => ({
      fileSource: document.fileSource,
      documentId: dialect.documentId(document),
    }));
    const records = await finder.find(refs, signal);
    const rest = batch.filter((_, index) => records[index] === undefined);
    const parts = rest.length === batch.length ? halvesOf(rest) : [rest].filter(({ length }) => length > 0);
    const others = (await this.#sendEach(parts, signal)).values();
    return records.map((record) => (record === undefined ? taken(others) : { kind: "exists", record }));
  }

  /** The server already has the name or the text of a single document. */
  async #existing(batch: Batch, trackId: string | undefined, signal: AbortSignal): Promise<SubmitOutcome[]> {
    const outcomes: SubmitOutcome[] = [];
    for (const document of batch) {
      const found = await this.#parts.resolver.resolve(document, trackId, signal);
      if (found !== "freed") outcomes.push({ kind: "exists", record: found });
      else outcomes.push(...(await this.#send([document], signal)));
    }
    return outcomes;
  }
}

function taken(outcomes: Iterator<SubmitOutcome>): SubmitOutcome {
  const next = outcomes.next();
  if (next.done === true) throw new ConnectorError("INTERNAL", "an insert has fewer outcomes than documents");
  return next.value;
}

function rejectionBy(error: HttpError, fileSource: string): ConnectorError {
  if (error.status === 413) return tooLarge(fileSource, error);
  return rejection(`it answered ${error.status}`, fileSource, error);
}

/** A part of the documents was accepted before the call failed, so the call must not be repeated unchanged. */
function partlyTaken(cause: unknown): ConnectorError {
  return new ConnectorError("SINK_OUTCOME_UNKNOWN", "LightRAG took a part of the batch before it failed", {
    cause,
  });
}
