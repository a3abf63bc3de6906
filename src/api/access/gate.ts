import type { FastifyReply, FastifyRequest } from "fastify";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { AuditActor } from "../../state/audit-entry.ts";
import type { Access } from "../route.ts";
import type { FailedTries } from "./failed-tries.ts";
import type { KeyHolder, KeyRing } from "./key-ring.ts";

export interface GateOptions {
  keys: Pick<KeyRing, "holderOf">;
  tries: FailedTries;
  /** `api.enable_auth` as it is now. False: everybody is an admin; the configuration allows that on loopback only. */
  asksForKeys: () => boolean;
}

export interface Caller {
  /** Showed a key that is in force, or none is asked for. */
  hasKey: boolean;
  actor: AuditActor;
}

/** Lets a request in or throws `API_KEY_REFUSED`, `API_ROLE_REFUSED`, `API_TOO_MANY_REQUESTS`. Resolves to who calls. */
export type Gate = (access: Access, request: FastifyRequest, reply: FastifyReply) => Promise<Caller>;

const anonymous: AuditActor = { kind: "anonymous", id: null, name: null };

export function makeGate({ keys, tries, asksForKeys }: GateOptions): Gate {
  const holderOf = async (request: FastifyRequest, reply: FastifyReply): Promise<KeyHolder | null> => {
    const key = keyOf(request);
    if (key === null) return null;
    const waitMs = tries.waitMs(request.ip);
    if (waitMs > 0) {
      reply.header("retry-after", Math.ceil(waitMs / 1000));
      throw new ConnectorError("API_TOO_MANY_REQUESTS", "too many wrong keys came from this address");
    }
    const holder = await keys.holderOf(key);
    if (holder === null) tries.add(request.ip);
    return holder;
  };
  return async (access, request, reply) => {
    if (!asksForKeys()) return { hasKey: true, actor: anonymous };
    // Health checks come without a key and often; only those that show one cost a look at it.
    if (access === "open" && keyOf(request) === null) return callerOf(null);
    const holder = await holderOf(request, reply);
    if (access === "open") return callerOf(holder);
    if (holder === null) {
      reply.header("www-authenticate", "Bearer");
      throw new ConnectorError("API_KEY_REFUSED", "this needs a key that is in force");
    }
    if (access === "admin" && holder.role !== "admin") {
      throw new ConnectorError("API_ROLE_REFUSED", "this needs a key of the role admin");
    }
    return callerOf(holder);
  };
}

function callerOf(holder: KeyHolder | null): Caller {
  if (holder === null) return { hasKey: false, actor: anonymous };
  return { hasKey: true, actor: { kind: "api-key", id: holder.id, name: holder.name } };
}

function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return /^Bearer +(\S+)$/iu.exec(headers.authorization ?? "")?.[1] ?? null;
}
