import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { SimulatedRow, SimulatorStore } from "./lightrag-simulator-store.ts";

/** What the simulated server's models do. Replace to change it from now on. */
export interface SimulatedModel {
  /** Documents whose text contains this fail. */
  refuseText?: string;
  /** Every document fails, as with an account without money. */
  refuseAll?: boolean;
  /** The vectors of documents whose text contains this are refused, and with them those of all documents of the moment. */
  refuseVectorsOf?: string;
  /** Every so-manieth flush of vectors fails in passing. */
  failEveryFlush?: number;
}

export interface SimulatedPipelineOptions {
  generation: ServerGeneration;
  /** Time to index one document. Default 0. */
  processingMs: number;
  /** Documents indexed at once. */
  parallel: number;
  /** Time to delete one document. Default 0. */
  deletingMs: number;
  wait: (ms: number) => Promise<void>;
}

/** What LightRAG writes into the record of a document that its model refused, or that found no model. */
const errors = {
  "1.4": {
    refused:
      "C[1/1]: chunk-0: BadRequestError: Error code: 400 - {'error': {'code': 'content_policy_violation'}}",
    quota: "RetryError[<Future at 0x7f48 state=finished raised RateLimitError>]",
  },
  "1.5": {
    refused: "C[1/1]: chunk-000: BadRequestError: Error code: 400 - The scripted model refuses this text.",
    quota:
      "C[1/1]: chunk-000: RateLimitError: Error code: 429 - You exceeded your current quota, please check your plan.",
  },
} as const;

const flushFailure = "NanoVectorDBStorage[chunks] index flush failed: Error code: 400 - input refused";

/** LightRAG's one worker: indexes and deletes, never both at once (LightRAG contract §3.6, §4.3, §5). */
export class SimulatorPipeline {
  model: SimulatedModel = {};
  /** Deletions change nothing, for this reason. */
  refuseDeletion: string | null = null;
  busy = false;
  jobName = "-";
  destructive = false;
  deleted = 0;
  history: string[] = [];
  readonly #store: SimulatorStore;
  readonly #options: SimulatedPipelineOptions;
  /** Something came in while the worker was busy. */
  #pending = false;
  #retryFailed = false;
  #dead = false;
  /** Why what is left of the running job is called off. */
  #calledOff: string | null = null;
  #flushes = 0;

  constructor(store: SimulatorStore, options: SimulatedPipelineOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Whether the models fail at a question of a few words as well: what refuses the empty text refuses each. */
  get failsAtEverything(): boolean {
    const { refuseAll, refuseText, refuseVectorsOf } = this.model;
    return refuseAll === true || refuseText === "" || refuseVectorsOf === "";
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Nothing that is under way is finished any more. */
  die(): void {
    this.#dead = true;
  }

  /** Works on what waits; in 1.4 every run takes up failed documents as well. */
  kick(retryFailed = false): void {
    this.#pending = true;
    this.#retryFailed ||= retryFailed || this.#options.generation === "1.4";
    if (!this.busy) void this.#run();
  }

  /**
   * Starts to delete. 1.5 has the pipeline for itself before it answers; 1.4 answers first, and gives up in silence when
   * something else begins in between.
   */
  startDeleting(ids: readonly string[]): void {
    if (this.#options.generation === "1.5") void this.#delete(ids);
    else void this.#options.wait(5).then(() => (this.busy || this.#dead ? undefined : this.#delete(ids)));
  }

  async #run(): Promise<void> {
    this.busy = true;
    this.jobName = "Default Job";
    this.history = [];
    while (this.#pending && !this.#dead) {
      this.#pending = false;
      this.#calledOff = null;
      const waiting = this.#take();
      const workers = Array.from({ length: this.#options.parallel }, () => this.#work(waiting));
      await Promise.all(workers);
    }
    this.busy = false;
  }

  /** Everything unfinished: an interrupted document stands at `processing`. */
  #take(): SimulatedRow[] {
    const failed = this.#retryFailed ? this.#store.withStatus("failed") : [];
    this.#retryFailed = false;
    for (const { id } of failed) this.#store.update(id, { status: "pending", error_msg: null });
    return this.#store.withStatus("pending", "processing");
  }

  async #work(waiting: SimulatedRow[]): Promise<void> {
    for (let row = waiting.shift(); row !== undefined && !this.#dead; row = waiting.shift())
      await this.#index(row.id);
  }

  async #index(id: string): Promise<void> {
    const { processingMs, generation } = this.#options;
    if (processingMs > 0) {
      this.#store.update(id, { status: "processing", chunks_count: 1 });
      await this.#options.wait(processingMs);
    }
    if (this.#dead) return;
    const text = this.#store.textOf(id);
    const failure = this.#failureOf(text);
    const error_msg = failure === null ? this.#flush(text) : errors[generation][failure];
    const end = error_msg === null ? "processed" : "failed";
    this.#store.update(id, { status: end, chunks_count: 1, error_msg });
  }

  #failureOf(text: string): "refused" | "quota" | null {
    if (this.model.refuseAll === true) return "quota";
    const { refuseText } = this.model;
    return refuseText !== undefined && text.includes(refuseText) ? "refused" : null;
  }

  /** One flush holds the vectors of all documents of the moment: when it fails, all of them do. Null: it went through. */
  #flush(text: string): string | null {
    if (this.#calledOff !== null) return `Cancelled by internal error: ${this.#calledOff}`;
    this.#flushes += 1;
    const { refuseVectorsOf, failEveryFlush } = this.model;
    const isRefused = refuseVectorsOf !== undefined && text.includes(refuseVectorsOf);
    const failsInPassing = failEveryFlush !== undefined && this.#flushes % failEveryFlush === 0;
    if (!isRefused && !failsInPassing) return null;
    this.#calledOff = flushFailure;
    return flushFailure;
  }

  async #delete(ids: readonly string[]): Promise<void> {
    this.busy = true;
    this.destructive = true;
    this.jobName = `Deleting ${ids.length} Documents`;
    this.history = ["Starting document deletion process"];
    const { refuseVectorsOf } = this.model;
    const holdsPoison = (id: string) =>
      refuseVectorsOf !== undefined && this.#store.textOf(id).includes(refuseVectorsOf);
    if (ids.length > 1 && ids.some(holdsPoison)) {
      this.history.push(`Failed to delete: ${ids[0]} - ${flushFailure}`);
      this.busy = false;
      this.destructive = false;
      if (this.#pending) void this.#run();
      return;
    }
    for (const id of ids) {
      await this.#options.wait(this.#options.deletingMs);
      if (this.#dead) return;
      this.history.push(this.#deleteOne(id));
    }
    this.busy = false;
    this.destructive = false;
    if (this.#pending) void this.#run();
  }

  #deleteOne(id: string): string {
    if (this.refuseDeletion !== null) return `Failed to delete: ${id} - ${this.refuseDeletion}`;
    if (!this.#store.remove(id)) return `Failed to delete: ${id} - not found`;
    this.deleted += 1;
    return `Document deleted: ${id}`;
  }
}
