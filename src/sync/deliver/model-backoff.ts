import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { LightRagClient } from "../../sinks/lightrag/light-rag-client.ts";

interface BackoffOptions {
  pauseMs: number;
  maxPauses: number;
  clock: Clock;
  onPause: (pauseMs: number, reason: string) => void;
}

/**
 * Pauses deliveries when LightRAG's own model is out of quota or unreachable: more documents would only cause more failures, and
 * none of them is the documents' fault. Each consecutive pause is twice as long as the previous one.
 */
export class ModelBackoff {
  readonly #options: BackoffOptions;
  #pauses = 0;
  #resumesAt = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /**
   * Failures during a pause belong to it. `reason` is for people. Throws `SINK_MODEL_UNAVAILABLE` after too many pauses in a row.
   */
  pause(reason: string): void {
    const now = this.#options.clock.monotonic();
    if (now < this.#resumesAt) return;
    if (this.#pauses >= this.#options.maxPauses) {
      throw new ConnectorError(
        "SINK_MODEL_UNAVAILABLE",
        `LightRAG's own model stayed unavailable through ${plural(this.#pauses, "pause")}: ${reason}`,
      );
    }
    const pauseMs = this.#options.pauseMs * 2 ** this.#pauses;
    this.#pauses += 1;
    this.#resumesAt = now + pauseMs;
    this.#options.onPause(pauseMs, reason);
  }

  /** A document was processed: the next outage starts with the shortest pause again. */
  reset(): void {
    this.#pauses = 0;
  }

  /** Waits until the pause is over. */
  async wait(signal: AbortSignal): Promise<void> {
    for (let wait = this.#remaining(); wait > 0; wait = this.#remaining())
      await this.#options.clock.sleep(wait, signal);
  }

  #remaining(): number {
    return this.#resumesAt - this.#options.clock.monotonic();
  }
}

/** After so many consecutive failures the models are probed. */
const suspicious = 3;

/**
 * Documents that have failed in LightRAG since the last processed one. A question of a few words distinguishes a model that refuses
 * one text from a model that refuses all: if it fails as well, no document is charged an attempt.
 */
export class FailureStreak {
  readonly #sink: Pick<LightRagClient, "modelsAnswer">;
  readonly #failed = new Set<string>();

  constructor(sink: Pick<LightRagClient, "modelsAnswer">) {
    this.#sink = sink;
  }

  /** A document was processed: the streak ends. */
  end(): void {
    this.#failed.clear();
  }

  /** Whether these documents have failed because LightRAG's models are down. */
  async isOutage(fileSources: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (const fileSource of fileSources) this.#failed.add(fileSource);
    if (fileSources.length === 0 || this.#failed.size < suspicious) return false;
    return (await this.#sink.modelsAnswer?.(signal)) === false;
  }
}
