import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { ErrorCode } from "../errors/codes.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Gate } from "./access/gate.ts";
import type { ApiParts } from "./api-parts.ts";
import { problemSchema, problemType, statusOf } from "./problem.ts";
import type { Route } from "./route.ts";

/** The bodies that the API takes are small: settings of one connector, a few ids. */
const bodyLimit = 256 * 1024;

/** Gives the server one route: its schemas, its gate, its handler. */
export function registerRoute(server: FastifyInstance, route: Route, parts: ApiParts, gate: Gate): void {
  const keyShown = new WeakMap<FastifyRequest, boolean>();
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/gu, ":$1"),
    bodyLimit,
    schema: schemaOf(route),
    onRequest: async (request, reply) => {
      keyShown.set(request, await gate(route.access, request, reply));
    },
    handler: (request, reply) => answer(route, parts, request, reply, keyShown.get(request) ?? false),
  } as RouteOptions);
}

async function answer(
  route: Route,
  parts: ApiParts,
  request: FastifyRequest,
  reply: FastifyReply,
  hasKey: boolean,
): Promise<FastifyReply> {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort(new ConnectorError("CANCELLED", "the caller has gone")));
  const { body, status, headers } = await route.handle(
    {
      params: request.params,
      query: request.query,
      body: request.body,
      ifVersion: versionOf(request.headers["if-match"]),
      hasKey,
      signal: gone.signal,
    },
    parts,
  );
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

function schemaOf(route: Route) {
  const { params, query, body } = route;
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.details === undefined ? {} : { description: route.details }),
    ...(route.access === "open" ? {} : { security: [{ apiKey: [] }, { bearer: [] }] }),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    response: { [route.status]: route.answer, ...route.otherAnswers, ...problemAnswers(route) },
  };
}

/** `GET /connectors/{id}/status` becomes `getConnectorsIdStatus`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[/{}.-]+/u).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
}

function problemAnswers(route: Route): Record<number, unknown> {
  const codes = [...route.errors, ...codesOfEveryRoute(route)];
  const byStatus = Map.groupBy(new Set(codes), statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      { description: ofStatus.join(", "), content: { [problemType]: { schema: problemSchema } } },
    ]),
  );
}

function codesOfEveryRoute(route: Route): ErrorCode[] {
  const takesInput = route.params ?? route.query ?? route.body;
  return [
    ...(takesInput === undefined ? [] : (["API_REQUEST_INVALID"] as const)),
    ...(route.body === undefined ? [] : (["API_BODY_TOO_LARGE", "API_MEDIA_TYPE"] as const)),
    ...(route.access === "open" ? [] : (["API_KEY_REFUSED"] as const)),
    ...(route.access === "admin" ? (["API_ROLE_REFUSED"] as const) : []),
    "API_TOO_MANY_REQUESTS",
    "INTERNAL",
  ];
}
