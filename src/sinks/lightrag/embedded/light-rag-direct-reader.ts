import type { KnowledgeReader } from "../knowledge-reader.ts";
import { closeModels, type DirectModels } from "./models/models.ts";
import { DirectKnowledgeReader } from "./query/direct-knowledge-reader.ts";
import { type FolderView, openFolderView } from "./storage/folder-view.ts";

export interface LightRagDirectReaderSettings {
  /** LightRAG's working directory. */
  workingDir: string;
  /** The reader closes them. */
  models: DirectModels;
}

/** Reads a snapshot of a direct mode folder taken at `connect`, concurrently with its writer. Read-only. */
export class LightRagDirectReader {
  readonly #settings: LightRagDirectReaderSettings;
  #view: FolderView | undefined;

  constructor(settings: LightRagDirectReaderSettings) {
    this.#settings = settings;
  }

  /** Throws `DIRECT_*`. */
  async connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { workingDir, models } = this.#settings;
    this.#view ??= await openFolderView(workingDir, models.embedding, signal);
  }

  /** Needs `connect` first. */
  knowledge(): KnowledgeReader {
    if (this.#view === undefined) throw new Error("the reader is used before connect or after close");
    return new DirectKnowledgeReader(this.#view.stores, this.#settings.models);
  }

  async close(): Promise<void> {
    this.#view?.close();
    this.#view = undefined;
    await closeModels(this.#settings.models);
  }
}
