import type { LightRagClient } from "../../sinks/lightrag/light-rag-client.ts";

/** So many documents that fail one after another raise the question whether any other would fare better. */
const suspicious = 3;

/**
 * Documents that have failed in LightRAG since one was processed. A model that refuses one text is distinguished from a model that refuses all of
 * them by a question of a few words: what fails while the models fail at that as well is charged to no document.
 */
export class FailureStreak {
  readonly #sink: Pick<LightRagClient, "modelsAnswer">;
  readonly #failed = new Set<string>();

  constructor(sink: Pick<LightRagClient, "modelsAnswer">) {
    this.#sink = sink;
  }

  /** A document was processed. */
  end(): void {
    this.#failed.clear();
  }

  /** Whether these documents have failed because LightRAG's models fail at everything. */
  async isOutage(fileSources: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (const fileSource of fileSources) this.#failed.add(fileSource);
    if (fileSources.length === 0 || this.#failed.size < suspicious) return false;
    return (await this.#sink.modelsAnswer?.(signal)) === false;
  }
}
