import { type ConnectorError, toConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { commitDocuments, type FinishedExtraction } from "./commit-documents.ts";
import { extractDocument } from "./extract-document.ts";
import type { IndexingContext } from "./indexing-context.ts";
import { removeDocuments } from "./remove-documents.ts";

/** Documents being read at a time, and at most so many are committed together. The models bound their own calls. */
const maxExtracting = 16;

interface Work {
  documentId: string;
  startedAt: number;
  abort: AbortController;
  done: Promise<void>;
  outcome: FinishedExtraction["outcome"] | undefined;
}

function idOf(entry: string | Work): string {
  return typeof entry === "string" ? entry : entry.documentId;
}

/**
 * Indexes accepted documents in the background. Reading goes side by side; merging goes in the order of acceptance, so that the
 * graph does not depend on which model call came back first. What is in memory only is the order: a document that was not
 * committed is `pending` in the folder and is taken up again by whoever enqueues it.
 */
export class IndexingPipeline {
  readonly #context: IndexingContext;
  readonly #lane = new SerialQueue();
  readonly #stopped = new AbortController();
  #queue: string[] = [];
  #extracting: Work[] = [];
  #committing: Work[] = [];
  #running: Promise<void> | undefined;
  #failure: ConnectorError | undefined;

  constructor(context: IndexingContext) {
    this.#context = context;
  }

  /** What made the pipeline stop for good: a folder that cannot be written. */
  get failure(): ConnectorError | undefined {
    return this.#failure;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  isProcessing(documentId: string): boolean {
    return [...this.#extracting, ...this.#committing].some((work) => work.documentId === documentId);
  }

  /** Those that are there already are passed over. */
  enqueue(documentIds: readonly string[]): void {
    const known = new Set([...this.#queue, ...this.#extracting, ...this.#committing].map(idOf));
    this.#queue.push(...new Set(documentIds.filter((id) => !known.has(id))));
    if (this.#queue.length > 0) this.#running ??= this.#run();
  }

  /** Takes documents out of the queue and out of the folder; resolves as `removeDocuments` does. */
  async remove(documentIds: readonly string[], signal: AbortSignal): Promise<readonly ConnectorError[]> {
    const gone = new Set(documentIds);
    this.#queue = this.#queue.filter((id) => !gone.has(id));
    for (const work of this.#extracting) if (gone.has(work.documentId)) work.abort.abort();
    this.#extracting = this.#extracting.filter(({ documentId }) => !gone.has(documentId));
    return this.#lane.run(async () => {
      const refused = await removeDocuments(documentIds, this.#context, signal);
      await this.#checkpointWhenDue();
      return refused;
    });
  }

  /** Cuts short what is under way and resolves when nothing is. */
  async stop(): Promise<void> {
    this.#queue = [];
    this.#stopped.abort();
    await this.#running;
    await this.#lane.run(async () => undefined);
  }

  /** Ends in the same step in which it finds no work: a later enqueue starts it again. */
  async #run(): Promise<void> {
    try {
      while (this.#fill()) {
        await this.#extracting[0]?.done;
        this.#committing = this.#takeFinished();
        await this.#lane.run(() => this.#commit());
        this.#committing = [];
      }
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#running = undefined;
    }
  }

  /** Starts reading as many documents as may be read at a time. False when there is nothing left to do. */
  #fill(): boolean {
    while (this.#extracting.length < maxExtracting) {
      const documentId = this.#queue.shift();
      if (documentId === undefined) break;
      this.#extracting.push(this.#extract(documentId));
    }
    return this.#extracting.length > 0;
  }

  #extract(documentId: string): Work {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#stopped.signal]);
    const startedAt = this.#context.clock.now();
    const work: Work = { documentId, startedAt, abort, outcome: undefined, done: Promise.resolve() };
    work.done = extractDocument(documentId, this.#context, signal).then(
      (extracted) => {
        work.outcome = { extracted };
      },
      (error: unknown) => {
        work.outcome = { error };
      },
    );
    return work;
  }

  /** The finished ones at the head of the line: a later one waits for those before it. */
  #takeFinished(): Work[] {
    const unfinished = this.#extracting.findIndex(({ outcome }) => outcome === undefined);
    return this.#extracting.splice(0, unfinished < 0 ? this.#extracting.length : unfinished);
  }

  async #commit(): Promise<void> {
    const group = this.#committing.flatMap(({ documentId, startedAt, outcome }) =>
      outcome === undefined ? [] : [{ documentId, startedAt, outcome }],
    );
    await commitDocuments(group, this.#context, this.#stopped.signal);
    await this.#checkpointWhenDue();
  }

  async #checkpointWhenDue(): Promise<void> {
    if (this.#context.folder.checkpointDue) await this.#context.folder.checkpoint();
  }

  #giveUp(error: unknown): void {
    if (!this.#stopped.signal.aborted) this.#failure = toConnectorError(error);
    for (const work of this.#extracting) work.abort.abort();
    this.#queue = [];
    this.#extracting = [];
    this.#committing = [];
  }
}

/** Runs tasks one after the other, in the order in which they come. A failed task does not hold up the next. */
class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
