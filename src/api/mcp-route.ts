import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import type { Logger } from "../observe/logs.ts";
import type { Authenticator, Caller } from "./access/authenticator.ts";
import { callerGone, recorderOf } from "./caller.ts";
import { contextOf } from "./endpoint.ts";
import type { ApiParts, RouteDescription } from "./route.ts";

/** Not a `Route`: its requests and answers are those of another protocol. */
export const mcpRoute = {
  method: "POST",
  path: "/mcp",
  access: "viewer",
  tag: "Service",
  summary: "Speak the Model Context Protocol",
  status: 200,
  answer: z.unknown(),
  errors: [],
} as const satisfies RouteDescription;

interface McpContext {
  parts: ApiParts;
  authenticate: Authenticator;
  basePath: string;
  log: Logger;
}

/** `POST /mcp`: the tools for language models, with the rights of the caller's key. Its protocol describes itself; it is not in OpenAPI. */
export function addMcp(server: FastifyInstance, { parts, authenticate, basePath, log }: McpContext): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  server.route({
    method: mcpRoute.method,
    url: mcpRoute.path,
    bodyLimit: 256 * 1024,
    schema: { hide: true },
    onRequest: async (request, reply) => {
      reply.header("cache-control", "no-store");
      callers.set(request, await authenticate(mcpRoute.access, request, reply));
    },
    handler: async (request, reply) => {
      const caller = callers.get(request) as Caller;
      const gone = callerGone(reply);
      const [{ answerHttp }, { callHere }] = await Promise.all([
        import("../mcp/http.ts"),
        import("../mcp/tool.ts"),
      ]);
      const record = recorderOf(parts, request, caller);
      const pageUrl = `${request.protocol}://${request.host}${basePath}`;
      return answerHttp(webRequest(request, gone), request.body, {
        // Without one, no key is asked for.
        mayWrite: caller.holder === null || caller.holder.role === "admin",
        writeHint: "it needs a key of the role admin",
        contextOf: (signal) => ({
          call: callHere(contextOf({ signal: AbortSignal.any([signal, gone]), record }, parts)),
          pageUrl,
        }),
        onInternalError: ({ message }) =>
          log.error({ request_id: request.id, error: message }, "a tool call failed"),
      });
    },
  });
}

function webRequest(
  { protocol, host, url, headers, method, body }: FastifyRequest,
  signal: AbortSignal,
): Request {
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
  return new Request(`${protocol}://${host}${url}`, {
    ...{ method, headers: named, signal },
    body: JSON.stringify(body ?? null),
  });
}
