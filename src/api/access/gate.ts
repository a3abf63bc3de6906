import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiKeys, KeyHolder } from "../../access/api-keys.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Access } from "../../operations/operation.ts";
import type { AuditActor } from "../../state/audit-entry.ts";
import { clientAddress, clientNetwork } from "./client-address.ts";
import type { FailedTries } from "./failed-tries.ts";

export interface GateOptions {
  keys: Pick<ApiKeys, "holderOf">;
  tries: FailedTries;
  /** `api.enable_auth` as it is now. False: everybody is an admin; the configuration allows that on loopback only. */
  asksForKeys: () => boolean;
}

export interface Caller {
  /** Showed a key that is in force, or none is asked for. */
  hasKey: boolean;
  actor: AuditActor;
}

/**
 * Lets a request in or throws `API_KEY_REFUSED`, `API_ROLE_REFUSED`, or `API_TOO_MANY_REQUESTS` for one more wrong key. A right key is
 * let in whatever else came from its address. Resolves to who calls.
 */
export type Gate = (
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  /** In the place of the key in the headers. */
  key?: string | null,
) => Promise<Caller>;

const anonymous: AuditActor = { kind: "anonymous", id: null, name: null };

export function makeGate({ keys, tries, asksForKeys }: GateOptions): Gate {
  const refusalOf = (key: string | null, network: string, reply: FastifyReply): ConnectorError => {
    const waitMs = tries.waitMs(network);
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
      if (key !== null) tries.add(network);
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
