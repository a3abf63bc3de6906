import { type ConnectorError, toConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { currentTracer, type Tracer, within } from "../../../../kernel/tracing/span.ts";
import { SerialQueue } from "../../../../kernel/util/serial-queue.ts";
import { commitDocuments, type FinishedExtraction } from "./commit-documents.ts";
import { extractDocument } from "./extract-document.ts";
import type { IndexingContext } from "./indexing-context.ts";
import { removeDocuments } from "./remove-documents.ts";

/** How many documents are extracted concurrently, and how many are committed together at most. The models limit their own calls. */
const maxExtracting = 16;

/** A document that waits, and the run that wants it: several may share the folder. */
interface Queued {
  documentId: string;
  tracer: Tracer | null;
}

interface Work extends Queued {
  startedAt: number;
  abort: AbortController;
  done: Promise<void>;
  outcome: FinishedExtraction["outcome"] | undefined;
}

const idOf = ({ documentId }: Queued): string => documentId;

/**
 * Indexes accepted documents in the background. Extraction is concurrent; merging is in the order of acceptance, so that the graph
 * does not depend on which model call finished first. Only that order is in memory: a document that was not committed is `pending`
 * in the folder and can be enqueued again.
 */
export class IndexingPipeline {
  readonly #context: IndexingContext;
  readonly #writes = new SerialQueue();
  readonly #stopped = new AbortController();
  #queue: Queued[] = [];
  #extracting: Work[] = [];
  #committing: Work[] = [];
  #running: Promise<void> | undefined;
  #failure: ConnectorError | undefined;

  constructor(context: IndexingContext) {
    this.#context = context;
  }

  /** The error that stopped the pipeline for good: a folder that cannot be written. */
  get failure(): ConnectorError | undefined {
    return this.#failure;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  isProcessing(documentId: string): boolean {
    return [...this.#extracting, ...this.#committing].some((work) => work.documentId === documentId);
  }

  /** Documents that are already queued are skipped. */
  enqueue(documentIds: readonly string[]): void {
    const known = new Set([...this.#queue, ...this.#extracting, ...this.#committing].map(idOf));
    const tracer = currentTracer();
    const fresh = new Set(documentIds.filter((id) => !known.has(id)));
    this.#queue.push(...Array.from(fresh, (documentId) => ({ documentId, tracer })));
    if (this.#queue.length > 0) this.#running ??= this.#run();
  }

  /** Removes documents from the queue and from the folder; resolves as `removeDocuments` does. */
  async remove(documentIds: readonly string[], signal: AbortSignal): Promise<readonly ConnectorError[]> {
    const gone = new Set(documentIds);
    this.#queue = this.#queue.filter(({ documentId }) => !gone.has(documentId));
    for (const work of this.#extracting) if (gone.has(work.documentId)) work.abort.abort();
    this.#extracting = this.#extracting.filter(({ documentId }) => !gone.has(documentId));
    return this.#writes.run(async () => {
      const refused = await removeDocuments(documentIds, this.#context, signal);
      await this.#checkpointWhenDue();
      return refused;
    });
  }

  /** Aborts the work in progress and resolves when none is left. */
  async stop(): Promise<void> {
    this.#queue = [];
    this.#stopped.abort();
    await this.#running;
    await this.#writes.run(async () => undefined);
  }

  /** Ends in the same tick in which it finds no work: a later enqueue starts it again. */
  async #run(): Promise<void> {
    try {
      while (this.#fill()) {
        await this.#extracting[0]?.done;
        this.#committing = this.#takeFinished();
        const [{ tracer } = { tracer: null }] = this.#committing;
        await this.#writes.run(() => within(tracer, () => this.#commit()));
        this.#committing = [];
      }
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#running = undefined;
    }
  }

  /** Starts extractions up to the limit. False when there is nothing left to do. */
  #fill(): boolean {
    while (this.#extracting.length < maxExtracting) {
      const queued = this.#queue.shift();
      if (queued === undefined) break;
      this.#extracting.push(this.#extract(queued));
    }
    return this.#extracting.length > 0;
  }

  #extract(queued: Queued): Work {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#stopped.signal]);
    const startedAt = this.#context.clock.now();
    const work: Work = { ...queued, startedAt, abort, outcome: undefined, done: Promise.resolve() };
    const extract = () => extractDocument(queued.documentId, this.#context, signal);
    work.done = within(queued.tracer, extract).then(
      (extracted) => {
        work.outcome = { extracted };
      },
      (error: unknown) => {
        work.outcome = { error };
      },
    );
    return work;
  }

  /** The finished documents at the head of the queue: a later one waits for those before it. */
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
