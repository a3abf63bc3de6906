import { z } from "zod";
import { ConnectorError, isAbort, isConnectorError } from "../../../kernel/errors/connector-error.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import type { AuthHeaders, Credentials } from "./credentials.ts";
import { toSinkError } from "./errors.ts";
import { type JsonHttp, readAs } from "./session.ts";
import { authStatusAnswer, loginAnswer } from "./wire.ts";

/** Gets a fresh token, or null when the server issues none to this caller. */
export type TokenSource = (signal: AbortSignal) => Promise<string | null>;

/** A token is replaced when less than this share of its lifetime, or less than `lastMinutesMs`, is left. */
const lastPart = 0.1;
const lastMinutesMs = 5 * 60_000;

interface Token {
  text: string;
  /** Milliseconds since the epoch by this machine's clock; infinite when the token has no expiry. */
  renewAt: number;
}

/**
 * Bearer tokens that are fetched, replaced before they expire, and fetched again when the server refuses one. LightRAG renews a
 * token by itself only on some routes (LightRAG contract §1.2), so that is not reliable.
 */
export class TokenCredentials implements Credentials {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #fetchFirst: boolean;
  #token: Token | null = null;
  #fetching: Promise<void> | null = null;

  /**
   * @param fetchFirst false waits for the first refusal before it requests a token, as an open server needs none
   */
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
    // Another call may have brought a new token during this one.
    if (refused.authorization === this.#current().authorization) await this.#fetch(signal);
    return this.#current().authorization !== refused.authorization;
  }

  adopt(token: string): void {
    this.#token = { text: token, renewAt: renewalTime(token, this.#clock.now()) };
  }

  #current(): AuthHeaders {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token.text}` };
  }

  /** Concurrent calls share one request for a token. */
  async #fetch(signal: AbortSignal): Promise<void> {
    const shared = this.#fetching !== null;
    this.#fetching ??= this.#fetchAlone(signal);
    try {
      await unlessAborted(this.#fetching, signal);
    } catch (error) {
      // The caller that started the request may have aborted; the others have not.
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

/** When to replace a token, from its expiry; only the server verifies the signature. */
function renewalTime(token: string, now: number): number {
  const expiresAt = expiryOf(token) * 1000;
  return expiresAt - Math.min(lastMinutesMs, (expiresAt - now) * lastPart);
}

const claims = z.object({ exp: z.number() });

/** Seconds since the epoch; infinite when the token has no expiry. */
function expiryOf(token: string): number {
  const [, payload = ""] = token.split(".");
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString())).exp;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Logs in with user name and password. A refusal is final: LightRAG locks a login after a few wrong passwords (LightRAG contract
 * §1.2), and another attempt would only extend the lock.
 */
export function passwordLogin(http: JsonHttp, username: string, password: string): TokenSource {
  let refusal: ConnectorError | undefined;
  return async (signal) => {
    if (refusal !== undefined) throw refusal;
    const form = { username, password };
    const request = { method: "POST", path: ["login"], form, whenOpen: "wait" } as const;
    try {
      return readAs(loginAnswer, await http.json(request, signal), request).access_token;
    } catch (error) {
      const failure = loginFailure(error);
      if (failure instanceof ConnectorError && failure.code === "SINK_UNAUTHORIZED") refusal = failure;
      throw failure;
    }
  };
}

/** Gets the token that an open server gives to everyone; null when there is none. */
export function guestToken(http: JsonHttp): TokenSource {
  return async (signal) => {
    const request = { method: "GET", path: ["auth-status"], whenOpen: "wait" } as const;
    const answer = readAs(authStatusAnswer, await http.json(request, signal), request);
    return answer.access_token ?? null;
  };
}

function loginFailure(error: unknown): Error {
  if (!(error instanceof HttpError)) return toSinkError(error);
  if (error.status === 401 || error.status === 400 || error.status === 422) {
    return new ConnectorError("SINK_UNAUTHORIZED", "LightRAG did not accept the user name and password", {
      hint: "correct lightrag.api.username and lightrag.api.password",
      status: error.status,
      cause: error,
    });
  }
  if (error.status !== 429) return toSinkError(error);
  return new ConnectorError("SINK_LOGIN_LOCKED", "LightRAG has locked the login for a while", {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}
