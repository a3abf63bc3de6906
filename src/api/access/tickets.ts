import { randomBytes } from "node:crypto";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Credential } from "./credentials.ts";

/** Lifetime of a ticket: enough to open a connection with it. Milliseconds. */
export const ticketMs = 30_000;
/** Lifetime of a link to sign in: enough to go from the terminal to the browser. Milliseconds. */
export const signInLinkMs = 600_000;
/** Limit of unused tickets; beyond it the oldest become invalid. */
const mostTickets = 1000;

/**
 * One-time, short-lived substitutes for a credential: browsers open event streams without headers, and a key in a URL would stay in
 * histories and logs.
 */
export class Tickets {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #lifetimeMs: number;
  readonly #issued = new Map<string, { credential: Credential; until: number }>();

  constructor(clock: Pick<Clock, "monotonic">, lifetimeMs: number) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeMs;
  }

  issue(credential: Credential): string {
    const ticket = `mct_${randomBytes(24).toString("base64url")}`;
    this.#issued.set(ticket, { credential, until: this.#clock.monotonic() + this.#lifetimeMs });
    const [oldest] = this.#issued.keys();
    if (this.#issued.size > mostTickets && oldest !== undefined) this.#issued.delete(oldest);
    return ticket;
  }

  /** What is behind the ticket; null when it is unknown, used or expired. */
  redeem(ticket: string): Credential | null {
    const found = this.#issued.get(ticket);
    this.#issued.delete(ticket);
    return found === undefined || found.until <= this.#clock.monotonic() ? null : found.credential;
  }
}
