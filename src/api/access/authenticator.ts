import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiKeys, KeyHolder } from "../../access/api-keys.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Access } from "../../operations/operation.ts";
import type { AuditActor } from "../../state/audit-entry.ts";
import { clientAddress, clientNetwork } from "./client-address.ts";

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

/** Counts failed attempts by address, so that keys cannot be guessed by brute force. */
export class LoginThrottle {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #tries = new Map<string, Tries>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** How long the address has to wait before its next attempt, in milliseconds; 0 when it may try now. */
  waitMs(address: string): number {
    const tries = this.#current(address);
    return tries.count < allowed ? 0 : Math.max(0, tries.since + windowMs - this.#clock.monotonic());
  }

  recordFailure(address: string): void {
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
  keys: Pick<ApiKeys, "holderOf">;
  throttle: LoginThrottle;
  /** The current `api.enable_auth`. False: every caller is an admin; the configuration allows that on loopback only. */
  asksForKeys: () => boolean;
}

export interface Caller {
  /** The caller sent a valid key, or none is required. */
  hasKey: boolean;
  actor: AuditActor;
}

/**
 * Authenticates and authorises a request. Throws `API_KEY_REFUSED`, `API_ROLE_REFUSED`, or `API_TOO_MANY_REQUESTS` after too many
 * wrong keys. A valid key is accepted whatever else came from its address. Resolves to the caller.
 */
export type Authenticator = (
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  /** Replaces the key in the headers. */
  key?: string | null,
) => Promise<Caller>;

const anonymous: AuditActor = { kind: "anonymous", id: null, name: null };

export function makeAuthenticator({ keys, throttle, asksForKeys }: AuthenticatorOptions): Authenticator {
  const refusalOf = (key: string | null, network: string, reply: FastifyReply): ConnectorError => {
    const waitMs = throttle.waitMs(network);
    if (key === null || waitMs === 0) {
      reply.header("www-authenticate", "Bearer");
      return new ConnectorError("API_KEY_REFUSED", "this needs a key that is in force");
    }
    reply.header("retry-after", Math.ceil(waitMs / 1000));
    return new ConnectorError("API_TOO_MANY_REQUESTS", "too many wrong keys came from this address");
  };
  return async (access, request, reply, key = keyOf(request)) => {
    if (!asksForKeys()) return { hasKey: true, actor: anonymous };
    const holder = key === null ? null : await keys.holderOf(key);
    if (holder === null && access !== "open") {
      const network = clientNetwork(clientAddress(request));
      const refusal = refusalOf(key, network, reply);
      if (key !== null) throttle.recordFailure(network);
      throw refusal;
    }
    if (access === "admin" && holder?.role !== "admin") {
      throw new ConnectorError("API_ROLE_REFUSED", "this needs a key of the role admin");
    }
    return callerOf(holder);
  };
}

function callerOf(holder: KeyHolder | null): Caller {
  if (holder === null) return { hasKey: false, actor: anonymous };
  return { hasKey: true, actor: { kind: "api-key", id: holder.id, name: holder.name } };
}

/** The key in the headers; null for none. */
export function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return /^Bearer +(\S+)$/iu.exec(headers.authorization ?? "")?.[1] ?? null;
}
