import { existsSync } from "node:fs";
import type { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../../../kernel/util/clock.ts";
import { inTurns } from "../../../kernel/util/pieces.ts";
import { documentIdOf } from "../document-id.ts";
import type { KnowledgeReader } from "../knowledge-reader.ts";
import type {
  DocumentRecord,
  DocumentRef,
  LightRagClient,
  OutgoingDocument,
  SinkInfo,
  SubmitOutcome,
} from "../light-rag-client.ts";
import { type DirectEngine, openEngine } from "./direct-engine.ts";
import { newTrackId } from "./indexing/document-records.ts";
import { checkModels } from "./models/model-probe.ts";
import { closeModels, type DirectModels } from "./models/models.ts";
import { DirectKnowledgeReader } from "./query/direct-knowledge-reader.ts";
import { checkUsable } from "./storage/folder-errors.ts";
import { checkRecordedEmbedding } from "./storage/folder-settings.ts";
import { openFolderView } from "./storage/folder-view.ts";
import { requireFreeFolder } from "./storage/foreign-writers.ts";
import type { StoreReaders } from "./storage/readers.ts";
import { type Chunking, defaultChunking } from "./text/chunking.ts";

export interface LightRagDirectSettings {
  /** LightRAG's working directory; created if missing. */
  workingDir: string;
  /** The client closes them. */
  models: DirectModels;
  /** Language in which a chat model writes descriptions. Default `English`. */
  language?: string | undefined;
  /** Default: LightRAG's own. */
  chunking?: Chunking | undefined;
  clock?: Clock | undefined;
}

/** The LightRAG release whose files and rules this client follows. */
const layoutVersion = "1.5.7";
/** Records per page of `list`. */
const listedAtOnce = 200;
/** A batch is one write to the folder. */
const maxBatch = 100;

/**
 * LightRAG's indexing in this process, in LightRAG's own storage layout (design §9). `submit` accepts documents durably and
 * returns; they are indexed in the background and looked up with `find`, as with a server.
 */
export class LightRagDirectClient implements LightRagClient {
  readonly #settings: LightRagDirectSettings;
  readonly #clock: Clock;
  #engine: DirectEngine | undefined;
  /** The opening under way: the folder's lock is taken once, whoever asks for it at the same time. */
  #opening: Promise<DirectEngine> | undefined;
  #reading: { stores: StoreReaders; reader: KnowledgeReader } | undefined;

  constructor(settings: LightRagDirectSettings) {
    this.#settings = settings;
    this.#clock = settings.clock ?? systemClock;
  }

  /** The folder's stores, for queries and look-ups; needs `connect` first. */
  get stores(): StoreReaders {
    return this.#opened.folder.stores;
  }

  /**
   * Returns the reader of the folder's knowledge; needs `connect` first. Always the same one, because it caches what it has
   * prepared for queries.
   */
  knowledge(): KnowledgeReader {
    const { stores } = this;
    if (this.#reading?.stores !== stores) {
      this.#reading = { stores, reader: new DirectKnowledgeReader(stores, this.#settings.models) };
    }
    return this.#reading.reader;
  }

  /** Opens the folder, or reopens it after a failed write. Throws `DIRECT_*`. */
  async connect(signal: AbortSignal): Promise<SinkInfo> {
    const engine = await this.#open(signal);
    return { ...this.#info, documents: engine.register.ids().length };
  }

  requireFree(): void {
    if (this.#engine === undefined && this.#opening === undefined)
      requireFreeFolder(this.#settings.workingDir);
  }

  /** Reads the folder concurrently with its writer. Throws `DIRECT_*`. */
  async inspect(signal: AbortSignal, { thorough }: { thorough: boolean }): Promise<SinkInfo> {
    signal.throwIfAborted();
    const { workingDir, models } = this.#settings;
    if (this.#engine !== undefined) return this.#info;
    await checkUsable(workingDir);
    if (!existsSync(workingDir)) return { ...this.#info, isNew: true };
    await checkRecordedEmbedding(workingDir, models.embedding);
    if (thorough) (await openFolderView(workingDir, models.embedding, signal)).close();
    return this.#info;
  }

  get #info(): SinkInfo {
    const { workingDir: location, models } = this.#settings;
    return {
      ...{ mode: "direct", generation: "1.5", version: layoutVersion, location, workspace: "", maxBatch },
      ...(models.extraction !== undefined && { hasBuiltinExtractor: true }),
    };
  }

  predictDocumentId(document: OutgoingDocument): string {
    return documentIdOf("1.5", document);
  }

  async submit(documents: readonly OutgoingDocument[], signal: AbortSignal): Promise<SubmitOutcome[]> {
    signal.throwIfAborted();
    const { folder, register, pipeline } = this.#requireEngine;
    const now = this.#clock.now();
    const trackId = newTrackId(now);
    const acceptances = documents.map((document) => register.accept(document, trackId, now));
    const outcomes = acceptances.map(({ outcome }) => outcome);
    const accepted = outcomes.flatMap((outcome) => (outcome.kind === "accepted" ? [outcome.documentId] : []));
    const changes = acceptances.flatMap((acceptance) => acceptance.changes);
    try {
      if (changes.length > 0) await folder.commit(changes);
    } catch (error) {
      register.withdraw(accepted);
      throw error;
    }
    register.confirm(accepted);
    pipeline.enqueue(accepted);
    return outcomes;
  }

  async find(refs: readonly DocumentRef[], signal: AbortSignal): Promise<(DocumentRecord | undefined)[]> {
    signal.throwIfAborted();
    return refs.map((ref) => this.#withProgress(this.#requireEngine.register.find(ref)));
  }

  async *list(signal: AbortSignal): AsyncGenerator<DocumentRecord[]> {
    const { register } = this.#requireEngine;
    const ids = register.ids();
    for (let start = 0; start < ids.length; start += listedAtOnce) {
      signal.throwIfAborted();
      const records = ids
        .slice(start, start + listedAtOnce)
        .map((id) => this.#withProgress(register.record(id)));
      yield records.filter((record) => record !== undefined);
    }
  }

  async remove(documentIds: readonly string[], signal: AbortSignal): Promise<readonly ConnectorError[]> {
    signal.throwIfAborted();
    const { pipeline, register } = this.#requireEngine;
    return register.removing(documentIds, () => pipeline.remove(documentIds, signal));
  }

  async isBusy(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    return this.#requireEngine.pipeline.busy;
  }

  async resumeInterrupted(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { pipeline, register } = this.#requireEngine;
    pipeline.enqueue(await inTurns(register.unfinishedIds(), signal));
  }

  checkModels(signal: AbortSignal): Promise<string> {
    return checkModels(this.#settings.models, signal);
  }

  /** Unfinished documents remain `pending` in the folder. Throws `DIRECT_*` when the last write fails. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const engine = this.#engine;
    this.#engine = undefined;
    try {
      if (engine !== undefined) await closeEngine(engine);
    } finally {
      await closeModels(this.#settings.models);
    }
  }

  get #opened(): DirectEngine {
    if (this.#engine === undefined) throw new Error("the client is used before connect or after close");
    return this.#engine;
  }

  /** The open engine. Throws the error that stopped the pipeline. */
  get #requireEngine(): DirectEngine {
    const engine = this.#opened;
    if (engine.pipeline.failure !== undefined) throw engine.pipeline.failure;
    return engine;
  }

  /** Completes a record with the state that only the pipeline and the graph know. */
  #withProgress(record: DocumentRecord | undefined): DocumentRecord | undefined {
    if (record === undefined) return undefined;
    const { pipeline, folder } = this.#requireEngine;
    if (pipeline.isProcessing(record.documentId)) return { ...record, status: "processing" };
    if (record.status !== "processed") return record;
    const found = folder.stores.documentEntities.get(record.documentId)?.entity_names ?? [];
    return { ...record, entities: found.length };
  }

  async #open(signal: AbortSignal): Promise<DirectEngine> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#engine !== undefined && this.#engine.pipeline.failure === undefined) return this.#engine;
      const isOwn = this.#opening === undefined;
      this.#opening ??= this.#openAnew(signal);
      try {
        return await this.#opening;
      } catch (thrown) {
        // The failure of another caller may be its cancelling: each learns its own.
        if (isOwn) throw thrown;
      }
    }
  }

  async #openAnew(signal: AbortSignal): Promise<DirectEngine> {
    try {
      if (this.#engine !== undefined) await this.#abandon(this.#engine);
      const { workingDir, models, language = "English", chunking = defaultChunking } = this.#settings;
      this.#engine = await openEngine({ workingDir, models, language, chunking, clock: this.#clock, signal });
      return this.#engine;
    } finally {
      this.#opening = undefined;
    }
  }

  async #abandon(engine: DirectEngine): Promise<void> {
    this.#engine = undefined;
    await engine.pipeline.stop();
    await engine.folder.abandon();
  }
}

async function closeEngine({ pipeline, folder }: DirectEngine): Promise<void> {
  await pipeline.stop();
  await folder.close();
}
