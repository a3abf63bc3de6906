import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";

export interface SimulatedAuthOptions {
  generation: ServerGeneration;
  apiKey?: string | undefined;
  /** Passwords by user name. */
  accounts?: Record<string, string> | undefined;
  /** Default 48 hours. */
  tokenLifetimeMs?: number | undefined;
}

export interface Refused {
  status: number;
  detail: string;
  headers?: Record<string, string>;
}

interface Claims {
  sub: string;
  role: "user" | "guest";
  /** Seconds since the epoch. */
  exp: number;
}

const secret = "the simulated server's secret";
const maxFailedLogins = 5;
const renewalIntervalMs = 60_000;
const unrenewed = ["/health", "/documents/paginated", "/documents/pipeline_status"];

/** Who is let in: LightRAG contract §1. */
export class SimulatorAuth {
  readonly #options: SimulatedAuthOptions;
  readonly #failedLogins = new Map<string, number>();
  readonly #renewedAt = new Map<string, number>();
  #validFrom = 0;

  constructor(options: SimulatedAuthOptions) {
    this.#options = options;
  }

  get wantsLogin(): boolean {
    return this.#options.accounts !== undefined;
  }

  /** Tokens issued so far are refused from now on, as after a change of the server's secret. */
  revokeTokens(): void {
    this.#validFrom += 1;
  }

  guestToken(): string {
    return this.#issue("guest", "guest");
  }

  login(username: string, password: string): { token: string } | Refused {
    const { accounts, generation } = this.#options;
    if (accounts === undefined) return { token: this.guestToken() };
    const failures = this.#failedLogins.get(username) ?? 0;
    if (generation === "1.5" && failures >= maxFailedLogins) {
      const detail = "Too many failed login attempts. Please try again later.";
      return { status: 429, detail, headers: { "retry-after": "300" } };
    }
    if (accounts[username] === password) {
      this.#failedLogins.delete(username);
      return { token: this.#issue(username, "user") };
    }
    this.#failedLogins.set(username, failures + 1);
    return { status: 401, detail: "Incorrect credentials" };
  }

  /** The refusal, or null for a caller who may go on. */
  refusal(headers: IncomingHttpHeaders): Refused | null {
    const { apiKey } = this.#options;
    const token = bearerOf(headers);
    const key = headers["x-api-key"];
    if (token !== undefined) {
      const verdict = this.#judgeToken(token);
      if (verdict !== "look at the key") return verdict;
    }
    if (!this.wantsLogin && apiKey === undefined) return null;
    if (apiKey !== undefined && key === apiKey) return null;
    if (this.wantsLogin && token === undefined)
      return { status: 401, detail: "No credentials provided. Please login." };
    return { status: 403, detail: key === undefined ? "API Key required" : "Invalid API Key" };
  }

  /** A younger token for a caller whose own has less than half its life left; LightRAG gives one a minute at most. */
  renewal(path: string, headers: IncomingHttpHeaders): string | undefined {
    const token = bearerOf(headers);
    const claims = token === undefined ? null : this.#verify(token);
    if (claims === null || unrenewed.includes(path)) return undefined;
    const left = claims.exp * 1000 - Date.now();
    const last = this.#renewedAt.get(claims.sub) ?? 0;
    if (left > this.#lifetimeMs / 2 || Date.now() - last < renewalIntervalMs) return undefined;
    this.#renewedAt.set(claims.sub, Date.now());
    return this.#issue(claims.sub, claims.role);
  }

  #judgeToken(token: string): Refused | null | "look at the key" {
    const claims = this.#verify(token);
    if (claims === null) return { status: 401, detail: "Invalid token" };
    if (claims.exp * 1000 <= Date.now()) return { status: 401, detail: "Token expired" };
    const { apiKey, generation } = this.#options;
    if (this.wantsLogin && claims.role === "user") return null;
    if (!this.wantsLogin && claims.role === "guest") {
      // 1.4 lets a guest in although there is a key.
      return apiKey === undefined || generation === "1.4" ? null : "look at the key";
    }
    return { status: 401, detail: "Invalid token. Please login again." };
  }

  get #lifetimeMs(): number {
    return this.#options.tokenLifetimeMs ?? 48 * 3_600_000;
  }

  #issue(sub: string, role: Claims["role"]): string {
    const exp = (Date.now() + this.#lifetimeMs) / 1000;
    const body = [
      { alg: "HS256", typ: "JWT" },
      { sub, role, exp },
    ]
      .map(encode)
      .join(".");
    return `${body}.${this.#sign(body)}`;
  }

  #verify(token: string): Claims | null {
    const [header, payload, signature] = token.split(".");
    if (payload === undefined || signature !== this.#sign(`${header}.${payload}`)) return null;
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
  }

  #sign(body: string): string {
    return createHmac("sha256", `${secret}${this.#validFrom}`).update(body).digest("base64url");
  }
}

function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  return headers.authorization?.startsWith("Bearer ") ? headers.authorization.slice(7) : undefined;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
