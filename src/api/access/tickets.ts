import { randomBytes } from "node:crypto";
import type { Clock } from "../../kernel/util/clock.ts";

/** Lifetime of a ticket: enough to open a connection with it. Milliseconds. */
export const ticketMs = 30_000;
/** Limit of unused tickets; beyond it the oldest become invalid. */
const mostTickets = 1000;

/**
 * One-time, short-lived substitutes for a key: browsers open event streams without headers, and a key in a URL would stay in
 * histories and logs.
 */
export class Tickets {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #keys = new Map<string, { key: string; until: number }>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  issue(key: string): string {
    const ticket = `mct_${randomBytes(24).toString("base64url")}`;
    this.#keys.set(ticket, { key, until: this.#clock.monotonic() + ticketMs });
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > mostTickets && oldest !== undefined) this.#keys.delete(oldest);
    return ticket;
  }

  /** The key behind the ticket; null when it is unknown, used or expired. */
  redeem(ticket: string): string | null {
    const found = this.#keys.get(ticket);
    this.#keys.delete(ticket);
    return found === undefined || found.until <= this.#clock.monotonic() ? null : found.key;
  }
}
