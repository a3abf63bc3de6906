import { z } from "zod";
import { isAbort, isConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import type { AuthHeaders, Credentials } from "./credentials.ts";

/** Gets a fresh token, or null when the server gives none to this caller. */
export type TokenSource = (signal: AbortSignal) => Promise<string | null>;

/** A token is replaced when less than this part of its life, or less than `lastMinutesMs`, is left. */
const lastPart = 0.1;
const lastMinutesMs = 5 * 60_000;

interface Token {
  text: string;
  /** Milliseconds since the epoch by this machine's clock; endless when the token does not say. */
  renewAt: number;
}

/**
 * Bearer tokens that are fetched, replaced before they expire, and fetched again when the server refuses one. LightRAG renews
 * a token by itself only on some routes (LightRAG contract §1.2), so that nobody can rely on it.
 */
export class TokenCredentials implements Credentials {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #fetchFirst: boolean;
  #token: Token | null = null;
  #fetching: Promise<void> | null = null;

  /** @param fetchFirst false waits for the first refusal before it asks for a token, as an open server needs none */
  constructor(source: TokenSource, clock: Clock, fetchFirst: boolean) {
    this.#source = source;
    this.#clock = clock;
    this.#fetchFirst = fetchFirst;
  }

  async headers(signal: AbortSignal): Promise<AuthHeaders> {
    const missing = this.#token === null && this.#fetchFirst;
    const aged = this.#token !== null && this.#clock.now() >= this.#token.renewAt;
    if (missing || aged) await this.#fetch(signal);
    return this.#current();
  }

  async renew(refused: AuthHeaders, signal: AbortSignal): Promise<boolean> {
    // Another call may have brought a new token while this one was on its way.
    if (refused.authorization === this.#current().authorization) await this.#fetch(signal);
    return this.#current().authorization !== refused.authorization;
  }

  adopt(token: string): void {
    this.#token = { text: token, renewAt: renewalTime(token, this.#clock.now()) };
  }

  #current(): AuthHeaders {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token.text}` };
  }

  /** Calls that need a token at the same time share one request for it. */
  async #fetch(signal: AbortSignal): Promise<void> {
    const shared = this.#fetching !== null;
    this.#fetching ??= this.#fetchAlone(signal);
    try {
      await unlessAborted(this.#fetching, signal);
    } catch (error) {
      // The caller that started the request may have given up; the others have not.
      if (!shared || signal.aborted || !isCancellation(error)) throw error;
      await this.#fetch(signal);
    }
  }

  async #fetchAlone(signal: AbortSignal): Promise<void> {
    try {
      const token = await this.#source(signal);
      if (token !== null) this.adopt(token);
    } finally {
      this.#fetching = null;
    }
  }
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function isCancellation(error: unknown): boolean {
  return isAbort(error) || isConnectorError(error, "CANCELLED");
}

/** When to replace a token, from the expiry that it carries; the signature is the server's business. */
function renewalTime(token: string, now: number): number {
  const expiresAt = expiryOf(token) * 1000;
  return expiresAt - Math.min(lastMinutesMs, (expiresAt - now) * lastPart);
}

const claims = z.object({ exp: z.number() });

/** Seconds since the epoch; endless when the token does not say. */
function expiryOf(token: string): number {
  const [, payload = ""] = token.split(".");
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString())).exp;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
