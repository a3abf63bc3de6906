import type { FastifyReply, FastifyRequest } from "fastify";
import type { KeyInForce } from "../../access/api-keys.ts";
import { isCsrfTokenOf } from "../../access/sessions.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Access } from "../../operations/operation.ts";
import type { AuditActor } from "../../state/audit-entry.ts";
import { clientAddress, clientNetwork } from "./client-address.ts";
import type { Credential, Credentials } from "./credentials.ts";

/** Failed attempts allowed for one address within a window before it has to wait. */
const allowed = 10;
/** Milliseconds. */
const windowMs = 60_000;
/** Limit of tracked addresses; the oldest are dropped when an attacker uses more. */
const maxAddresses = 10_000;

interface Tries {
  count: number;
  since: number;
}

/** Counts failed attempts by address, so that keys cannot be guessed by brute force: those here and those that other processes tell of. */
export class LoginThrottle {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #tell: (address: string) => void;
  readonly #tries = new Map<string, Tries>();

  /** `tell`: tells other processes of an attempt. */
  constructor(clock: Pick<Clock, "monotonic">, tell: (address: string) => void = () => undefined) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** How long the address has to wait before its next attempt, in milliseconds; 0 when it may try now. */
  waitMs(address: string): number {
    const tries = this.#current(address);
    return tries.count < allowed ? 0 : Math.max(0, tries.since + windowMs - this.#clock.monotonic());
  }

  recordFailure(address: string): void {
    // One that is refused anyway changes nothing for the others; so a flood of them stays here.
    if (this.waitMs(address) === 0) this.#tell(address);
    this.hearFailure(address);
  }

  /** One of another process. */
  hearFailure(address: string): void {
    const { count, since } = this.#current(address);
    this.#tries.delete(address);
    this.#tries.set(address, { count: count + 1, since });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > maxAddresses && oldest !== undefined) this.#tries.delete(oldest);
  }

  #current(address: string): Tries {
    const now = this.#clock.monotonic();
    const tries = this.#tries.get(address);
    return tries === undefined || now - tries.since >= windowMs ? { count: 0, since: now } : tries;
  }
}

export interface AuthenticatorOptions {
  credentials: Pick<Credentials, "sentBy" | "holderOf" | "whyNone">;
  throttle: LoginThrottle;
  /** The current `api.enable_auth`. False: every caller is an admin; the configuration allows that on loopback only. */
  asksForKeys: () => boolean;
}

export interface Caller {
  /** The caller sent a valid credential, or none is required. */
  hasKey: boolean;
  actor: AuditActor;
  /** Null where none was sent, or none is required. */
  credential: Credential | null;
  holder: KeyInForce | null;
}

/**
 * Authenticates and authorises a request. Throws `API_KEY_REFUSED`, `API_LINK_REFUSED`, `API_ROLE_REFUSED`, `API_CSRF_REFUSED` for a
 * change by cookie alone, or `API_TOO_MANY_REQUESTS` after too many wrong keys. A valid key is accepted whatever else came from its address. Resolves to the
 * caller.
 */
export type Authenticator = (
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  /** Replaces the one that was sent. */
  credential?: Credential | null,
) => Promise<Caller>;

const anonymous: AuditActor = { kind: "anonymous", id: null, name: null };
/** A caller that has shown nothing. */
export const nobody: Caller = { hasKey: false, actor: anonymous, credential: null, holder: null };

export function makeAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { credentials, asksForKeys } = options;
  return async (access, request, reply, credential = credentials.sentBy(request)) => {
    if (!asksForKeys()) return { ...nobody, hasKey: true };
    const holder = credential && (await credentials.holderOf(credential));
    if (credential === null || holder === null) {
      if (access === "open") return nobody;
      throw await refusalOf(options, credential, request, reply);
    }
    requireRight(access, request, credential, holder);
    return {
      hasKey: true,
      actor: { kind: "api-key", id: holder.id, name: holder.name },
      credential,
      holder,
    };
  };
}

function requireRight(
  access: Access,
  request: FastifyRequest,
  { kind, secret }: Credential,
  { role }: KeyInForce,
): void {
  // Signing in is open, and its key shows who asks.
  if (kind === "session" && access !== "open") requireCsrfToken(request, secret);
  if (access !== "admin" || role === "admin") return;
  throw new ConnectorError("API_ROLE_REFUSED", "this needs a key of the role admin");
}

/**
 * Why a caller without a valid credential is refused. A wrong key or link counts; a session that has ended was right once, and cannot be
 * guessed.
 */
async function refusalOf(
  { throttle, credentials }: AuthenticatorOptions,
  credential: Credential | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ConnectorError> {
  const isGuess = credential !== null && credential.kind !== "session";
  const tooMany = isGuess ? guessed(throttle, request, reply) : null;
  if (tooMany !== null) return tooMany;
  reply.header("www-authenticate", "Bearer");
  if (credential?.kind === "link")
    return new ConnectorError("API_LINK_REFUSED", "this link was used already, or is too old");
  if (credential?.kind !== "session")
    return new ConnectorError("API_KEY_REFUSED", "this needs a key that is in force");
  const why = await credentials.whyNone(credential);
  return new ConnectorError("API_KEY_REFUSED", `this browser is not signed in any more: ${why}`, {
    hint: "sign in again with a key",
  });
}

/** Counts a wrong guess; the error for one too many. */
export function guessed(
  throttle: LoginThrottle,
  request: FastifyRequest,
  reply: FastifyReply,
): ConnectorError | null {
  const network = clientNetwork(clientAddress(request));
  const waitMs = throttle.waitMs(network);
  throttle.recordFailure(network);
  if (waitMs === 0) return null;
  reply.header("retry-after", Math.ceil(waitMs / 1000));
  return new ConnectorError("API_TOO_MANY_REQUESTS", "too many wrong keys came from this address");
}

/** A form or a script of another page may make a browser send our cookie, but not this header. */
function requireCsrfToken({ method, headers }: FastifyRequest, token: string): void {
  if (method === "GET" || method === "HEAD" || isCsrfTokenOf(token, headers["x-csrf-token"])) return;
  throw new ConnectorError("API_CSRF_REFUSED", "a change by cookie needs the token of its session");
}
