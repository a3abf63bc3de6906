import type { Clock } from "../../../kernel/util/clock.ts";
import type { DocumentListing } from "./document-listing.ts";
import { sinkBusy } from "./errors.ts";
import type { Session } from "./session.ts";
import { healthAnswer, pipelineStatusAnswer, reprocessAnswer } from "./wire.ts";

export interface PipelineParts {
  session: Session;
  listing: DocumentListing;
  clock: Clock;
  pollMs: number;
}

/** LightRAG's statuses of unfinished work (LightRAG contract §4.1). */
const unfinished = ["pending", "parsing", "analyzing", "processing", "preprocessed"];
/** Longest wait between two looks at a busy pipeline. Milliseconds. */
const longestPollMs = 5_000;
/** Characters of a message of the pipeline; some are whole tracebacks. */
const longestWord = 300;

/** LightRAG's one worker, which indexes, deletes and scans; never two of these at once. */
export class Pipeline {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  async isBusy(signal: AbortSignal): Promise<boolean> {
    const health = await this.#parts.session.read({ method: "GET", path: ["health"] }, healthAnswer, signal);
    return health.pipeline_active ?? health.pipeline_busy ?? false;
  }

  /** Resolves when the pipeline rests. Throws `SINK_BUSY` when it does not by the deadline (monotonic clock). */
  async untilIdle(deadline: number, signal: AbortSignal): Promise<void> {
    await this.#while(() => this.isBusy(signal), deadline, signal);
  }

  /** Resolves when no deletion is running; indexing does not matter. Throws `SINK_BUSY` at the deadline. */
  async untilNothingIsDeleted(deadline: number, signal: AbortSignal): Promise<void> {
    await this.#while(() => this.#isDeleting(signal), deadline, signal);
  }

  /**
   * A server that was restarted leaves unfinished documents alone until it is asked (LightRAG contract §4.3). The request makes it
   * retry failed documents too, which costs model calls, so it is made only when there is something to resume.
   */
  async resumeInterrupted(signal: AbortSignal): Promise<void> {
    const counts = await this.#parts.listing.statusCounts(signal);
    const waiting = unfinished.some((status) => (counts.get(status) ?? 0) > 0);
    if (!waiting || (await this.isBusy(signal))) return;
    const request = { method: "POST", path: ["documents", "reprocess_failed"] } as const;
    await this.#parts.session.read(request, reprocessAnswer, signal);
  }

  /** What the pipeline said last about a document, for the explanation of a failure; "" when nothing. */
  async lastWordOn(documentId: string, signal: AbortSignal): Promise<string> {
    const { history_messages } = await this.#status(signal);
    const word = history_messages?.findLast((message) => message.includes(documentId)) ?? "";
    return word.slice(0, longestWord);
  }

  async #isDeleting(signal: AbortSignal): Promise<boolean> {
    const { busy, job_name } = await this.#status(signal);
    return busy === true && /^(deleting|clearing)/iu.test(job_name ?? "");
  }

  #status(signal: AbortSignal) {
    const request = { method: "GET", path: ["documents", "pipeline_status"] } as const;
    return this.#parts.session.read(request, pipelineStatusAnswer, signal);
  }

  async #while(isSo: () => Promise<boolean>, deadline: number, signal: AbortSignal): Promise<void> {
    const { clock, pollMs } = this.#parts;
    for (let waitMs = pollMs; await isSo(); waitMs = Math.min(waitMs * 1.5, longestPollMs)) {
      if (clock.monotonic() >= deadline) throw sinkBusy("LightRAG's pipeline is at work");
      await clock.sleep(waitMs, signal);
    }
  }
}
