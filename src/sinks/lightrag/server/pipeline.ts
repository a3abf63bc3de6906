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
/** The longest polling interval of a busy pipeline. Milliseconds. */
const longestPollMs = 5_000;
/** The most characters of a pipeline message; some are whole tracebacks. */
const maxMessageLength = 300;

/** LightRAG's single worker, which indexes, deletes and scans, one at a time. */
export class Pipeline {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  async isBusy(signal: AbortSignal): Promise<boolean> {
    const health = await this.#parts.session.read({ method: "GET", path: ["health"] }, healthAnswer, signal);
    return health.pipeline_active ?? health.pipeline_busy ?? false;
  }

  /** Resolves when the pipeline is idle. Throws `SINK_BUSY` at the deadline (monotonic clock). */
  async untilIdle(deadline: number, signal: AbortSignal): Promise<void> {
    await this.#while(() => this.isBusy(signal), deadline, signal);
  }

  /** Resolves when no deletion is running; indexing does not matter. Throws `SINK_BUSY` at the deadline. */
  async untilNothingIsDeleted(deadline: number, signal: AbortSignal): Promise<void> {
    await this.#while(() => this.#isDeleting(signal), deadline, signal);
  }

  /**
   * A restarted server does not resume unfinished documents unless it is asked to (LightRAG contract §4.3). The request also makes
   * it retry failed documents, which costs model calls, so it is sent only when there is something to resume.
   */
  async resumeInterrupted(signal: AbortSignal): Promise<void> {
    const counts = await this.#parts.listing.statusCounts(signal);
    const waiting = unfinished.some((status) => (counts.get(status) ?? 0) > 0);
    if (!waiting || (await this.isBusy(signal))) return;
    const request = { method: "POST", path: ["documents", "reprocess_failed"] } as const;
    await this.#parts.session.read(request, reprocessAnswer, signal);
  }

  /** The pipeline's last message about a document, to explain a failure; "" when there is none. */
  async lastMessageAbout(documentId: string, signal: AbortSignal): Promise<string> {
    const { history_messages } = await this.#status(signal);
    const word = history_messages?.findLast((message) => message.includes(documentId)) ?? "";
    return word.slice(0, maxMessageLength);
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
