import { randomBytes } from "node:crypto";
import type { Clock } from "../../kernel/util/clock.ts";

/** How long a ticket is good: long enough to open a connection with it. Milliseconds. */
export const ticketMs = 30_000;
/** Tickets that wait to be used; more of them make the oldest ones useless. */
const mostTickets = 1000;

/**
 * Stands for a key, once and for a short time: browsers open streams of events without headers, and a key in a URL would stay in
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

  /** The key that the ticket stands for; null when it is none, was used, or is too old. */
  redeem(ticket: string): string | null {
    const found = this.#keys.get(ticket);
    this.#keys.delete(ticket);
    return found === undefined || found.until <= this.#clock.monotonic() ? null : found.key;
  }
}
