import type { FastifyReply, FastifyRequest } from "fastify";
import type { AuditChange } from "../access/audit/audit-log.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Caller } from "./access/authenticator.ts";
import { clientAddress } from "./access/client-address.ts";
import type { ApiParts } from "./route.ts";

/** Aborts when the caller disconnects before its answer is finished. */
export function callerGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    // A finished answer emits `close`, too; an error costs a stack trace.
    if (!raw.writableFinished) gone.abort(new ConnectorError("CANCELLED", "the caller has gone"));
  });
  return gone.signal;
}

/** Writes changes to the audit log, with the caller and its address. */
export function recorderOf({ app }: Pick<ApiParts, "app">, request: FastifyRequest, { actor }: Caller) {
  return async (change: AuditChange): Promise<void> => {
    const origin = { actor, address: clientAddress(request), requestId: request.id };
    await app.audit.record(origin, change);
  };
}
