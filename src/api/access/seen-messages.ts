import { toleranceMs } from "../../kernel/inbound/signed-message.ts";
import type { Clock } from "../../kernel/util/clock.ts";

/** More are not kept: whoever signs so many within ten minutes is not held up by being told twice. */
const mostMessages = 10_000;

/** Signed messages that have come, for as long as their time would let them come again. */
export class SeenMessages {
  readonly #clock: Pick<Clock, "monotonic">;
  /** When each came, oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether this is the first time that the message of a connector comes. */
  isNew(connectorId: string, messageId: string): boolean {
    const now = this.#clock.monotonic();
    for (const [key, at] of this.#seen) {
      if (now - at <= 2 * toleranceMs && this.#seen.size < mostMessages) break;
      this.#seen.delete(key);
    }
    const key = JSON.stringify([connectorId, messageId]);
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, now);
    return true;
  }
}
