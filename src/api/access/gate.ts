import type { FastifyReply, FastifyRequest } from "fastify";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { ApiRole } from "../../state/record-stores.ts";
import type { Access } from "../route.ts";
import type { FailedTries } from "./failed-tries.ts";
import type { KeyRing } from "./key-ring.ts";

export interface GateOptions {
  keys: Pick<KeyRing, "roleOf">;
  tries: FailedTries;
  /** `api.enable_auth` as it is now. False: everybody is an admin; the configuration allows that on loopback only. */
  asksForKeys: () => boolean;
}

/** Lets a request in or throws `API_KEY_REFUSED`, `API_ROLE_REFUSED`, `API_TOO_MANY_REQUESTS`. Resolves to whether a key was shown. */
export type Gate = (access: Access, request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

export function makeGate({ keys, tries, asksForKeys }: GateOptions): Gate {
  const roleOf = async (request: FastifyRequest, reply: FastifyReply): Promise<ApiRole | null> => {
    const key = keyOf(request);
    if (key === null) return null;
    const waitMs = tries.waitMs(request.ip);
    if (waitMs > 0) {
      reply.header("retry-after", Math.ceil(waitMs / 1000));
      throw new ConnectorError("API_TOO_MANY_REQUESTS", "too many wrong keys came from this address");
    }
    const role = await keys.roleOf(key);
    if (role === null) tries.add(request.ip);
    return role;
  };
  return async (access, request, reply) => {
    if (!asksForKeys()) return true;
    // Health checks come without a key and often; only those that show one cost a look at it.
    if (access === "open" && keyOf(request) === null) return false;
    const role = await roleOf(request, reply);
    if (access === "open") return role !== null;
    if (role === null) {
      reply.header("www-authenticate", "Bearer");
      throw new ConnectorError("API_KEY_REFUSED", "this needs a key that is in force");
    }
    if (access === "admin" && role !== "admin") {
      throw new ConnectorError("API_ROLE_REFUSED", "this needs a key of the role admin");
    }
    return true;
  };
}

function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return /^Bearer +(\S+)$/iu.exec(headers.authorization ?? "")?.[1] ?? null;
}
