import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { ConnectorError } from "../errors/connector-error.ts";
import { clientAddress } from "./access/client-address.ts";
import type { Caller, Gate } from "./access/gate.ts";
import type { ApiParts } from "./api-parts.ts";
import { schemaOf } from "./describe-route.ts";
import type { Route } from "./route.ts";

/** The bodies that the API takes are small: settings of one connector, a few ids. */
const bodyLimit = 256 * 1024;

/** An answer is for its caller alone: kept by nobody in between, and no page to be shown. */
const privateAnswer = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** Gives the server one route: its schemas, its gate, its handler. */
export function registerRoute(server: FastifyInstance, route: Route, parts: ApiParts, gate: Gate): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/gu, ":$1"),
    bodyLimit,
    schema: schemaOf(route),
    onRequest: async (request, reply) => {
      reply.headers(privateAnswer);
      callers.set(request, await gate(route.access, request, reply));
    },
    handler: (request, reply) => answer(route, parts, request, reply, callers.get(request)),
  } as RouteOptions);
}

async function answer(
  route: Route,
  parts: ApiParts,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller | undefined,
): Promise<FastifyReply> {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    // An answer that was given ends like this, too; an error costs a stack trace.
    if (!reply.raw.writableFinished) gone.abort(new ConnectorError("CANCELLED", "the caller has gone"));
  });
  const { body, status, headers, change } = await route.handle(
    {
      params: request.params,
      query: request.query,
      body: request.body,
      ifVersion: versionOf(request.headers["if-match"]),
      hasKey: caller?.hasKey ?? false,
      signal: gone.signal,
    },
    parts,
  );
  if (change !== undefined && caller !== undefined) {
    const origin = { actor: caller.actor, address: clientAddress(request), requestId: request.id };
    await parts.app.audit.record(origin, change);
  }
  return reply
    .headers({ ...headers })
    .code(status ?? route.status)
    .send(body);
}

/** Of an entity tag as we make them: a quoted version. `*` and none at all fit every version, other tags none. */
function versionOf(tag: string | undefined): number | null {
  if (tag === undefined || tag.trim() === "*") return null;
  const version = /^(?:W\/)?"(\d+)"$/u.exec(tag.trim())?.[1];
  return version === undefined ? -1 : Number(version);
}
