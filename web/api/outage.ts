import { ApiProblem } from "./problem.ts";

/** The first and the longest pause before the service is asked again whether it is there. Milliseconds. */
const shortestPauseMs = 1_000;
const longestPauseMs = 15_000;

/** Whether the service, or the way to it, did not answer: it may do so later, and nothing is wrong with what was asked. */
export const isOutage = (problem: unknown): boolean =>
  problem instanceof ApiProblem && problem.code === "SERVICE_UNREACHABLE";

/** Resolves to whether the service answers. */
type Look = () => Promise<boolean>;

/** What failed because the service was away, and is to be done again once it answers. */
export class Outage {
  readonly #look: Look;
  readonly #waiting = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = shortestPauseMs;
  /** When the present pause began, and when the last outage was over. Milliseconds. */
  #pausedAt = 0;
  #overAt = Number.NEGATIVE_INFINITY;

  constructor(look: Look) {
    this.#look = look;
  }

  /** Calls `again` once, when the service is back; one that waits already is not called twice. Returns a function that takes it back. */
  whenBack(again: () => void): () => void {
    this.#waiting.add(again);
    if (this.#timer === undefined) {
      // What fails again and again while the service answers, as behind a proxy that refuses one path, is asked for ever more seldom.
      const isSoon = Date.now() - this.#overAt < longestPauseMs;
      this.#pauseMs = isSoon ? Math.min(this.#pauseMs * 2, longestPauseMs) : shortestPauseMs;
      this.#lookLater();
    }
    return () => void this.#waiting.delete(again);
  }

  /** The service has answered something: whatever has waited long enough need not wait for the next look. */
  answered(): void {
    if (this.#waiting.size > 0 && Date.now() - this.#pausedAt >= this.#pauseMs) this.isOver();
  }

  /** The service is back. */
  isOver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#overAt = Date.now();
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const again of all) again();
  }

  #lookLater(): void {
    this.#pausedAt = Date.now();
    this.#timer ??= setTimeout(async () => {
      const isThere = this.#waiting.size > 0 && (await this.#look());
      this.#timer = undefined;
      if (isThere) this.isOver();
      else if (this.#waiting.size > 0) {
        this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
        this.#lookLater();
      }
    }, this.#pauseMs);
  }
}
