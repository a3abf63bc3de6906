import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { plural } from "../../kernel/util/readable.ts";

interface BackoffOptions {
  pauseMs: number;
  maxPauses: number;
  clock: Clock;
  onPause: (pauseMs: number, reason: string) => void;
}

/**
 * Pauses deliveries for a while when LightRAG's own model is out of quota or out of reach: more documents would only make more
 * failures, and none of them is the documents' fault. Each pause in a row is twice as long as the one before.
 */
export class ModelBackoff {
  readonly #options: BackoffOptions;
  #pauses = 0;
  #resumesAt = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /**
   * Failures that arrive during a pause belong to it. `reason` is for people. Throws `SINK_MODEL_UNAVAILABLE` after too many pauses
   * in a row.
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

  /** A document went through: the next trouble starts with the shortest pause again. */
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
