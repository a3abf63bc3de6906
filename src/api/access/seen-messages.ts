import { type SignedMessage, toleranceMs } from "../../kernel/inbound/signed-message.ts";
import type { Clock } from "../../kernel/util/clock.ts";

/** More are not kept: whoever signs so many within ten minutes is not held up by being told twice. */
const mostMessages = 10_000;

/** Signed messages that were taken, for as long as their time would let them come again. */
export class SeenMessages {
  readonly #clock: Pick<Clock, "monotonic">;
  /** When each came and what it said, oldest first. */
  readonly #seen = new Map<string, { at: number; digest: string }>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether a message of a connector was taken before: `same`, or `other` when it said something else under its id. */
  sightOf(connectorId: string, { id, digest }: SignedMessage): "new" | "same" | "other" {
    const seen = this.#seen.get(keyOf(connectorId, id));
    if (seen === undefined || this.#clock.monotonic() - seen.at > 2 * toleranceMs) return "new";
    return seen.digest === digest ? "same" : "other";
  }

  /** Takes a message down, once what it asks for is done: one that failed may come again. */
  add(connectorId: string, { id, digest }: SignedMessage): void {
    const now = this.#clock.monotonic();
    for (const [key, { at }] of this.#seen) {
      if (now - at <= 2 * toleranceMs && this.#seen.size < mostMessages) break;
      this.#seen.delete(key);
    }
    const key = keyOf(connectorId, id);
    if (!this.#seen.has(key)) this.#seen.set(key, { at: now, digest });
  }
}

const keyOf = (connectorId: string, id: string) => JSON.stringify([connectorId, id]);
