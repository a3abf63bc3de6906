import { isDeepStrictEqual } from "node:util";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { SignedMessage } from "../kernel/inbound/signed-message.ts";
import { mapValues } from "../kernel/util/collections.ts";
import { type Authenticator, type Caller, type LoginThrottle, nobody } from "./access/authenticator.ts";
import type { BrowserSessions } from "./access/browser-sessions.ts";
import { senderOf } from "./access/shared-secret.ts";
import { prefixOf } from "./base-path.ts";
import { callerGone, recorderOf } from "./caller.ts";
import { mayBeEmpty, schemaOf } from "./describe-route.ts";
import type { BodyRules } from "./json-body.ts";
import { refuseUnknownQuery } from "./known-query.ts";
import { idOfSegment } from "./path-segment.ts";
import type { ApiParts, Route } from "./route.ts";

/** Most bodies are small: settings of one connector, a few ids. */
const usualBodyLimit = 256 * 1024;

/** An answer is private: not cached on the way, and not to be rendered as a page. */
const privateAnswer = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

export interface RouteContext {
  parts: ApiParts;
  authenticate: Authenticator;
  browsers: BrowserSessions;
  throttle: LoginThrottle;
  bodyRules: BodyRules;
  /** Prefix of the paths in `Location` headers. */
  basePath: string;
}

/** Registers one route: its schemas, its access check, its handler. */
export function registerRoute(server: FastifyInstance, route: Route, context: RouteContext): void {
  const { authenticate, bodyRules } = context;
  const callers = new WeakMap<FastifyRequest, Caller & { message?: SignedMessage | null }>();
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/gu, ":$1"),
    bodyLimit: route.bodyLimit ?? usualBodyLimit,
    schema: schemaOf(route),
    onRequest: async (request, reply) => {
      reply.headers(privateAnswer);
      if (route.takesAnyBody) bodyRules.set(request, { isAnything: true });
      const sender = senderOf(route, context, request, reply);
      if (sender === null) callers.set(request, await authenticate(route.access, request, reply));
      else
        bodyRules.set(request, {
          ...bodyRules.get(request),
          check: (body) => callers.set(request, sender(body)),
        });
      if (route.refusal !== undefined) throw route.refusal();
    },
    preValidation: async (request) => {
      // A request without a body was not looked at before.
      bodyRules.get(request)?.check?.(Buffer.alloc(0));
      request.params = mapValues(request.params as Record<string, string>, idOfSegment);
      refuseUnknownQuery(request.query, route.query);
      if (route.takesAnyBody) return;
      if (route.body === undefined) refuseBody(request.body);
      // Otherwise the validator gets `null`.
      else if (request.body === undefined && mayBeEmpty(route.body)) request.body = {};
    },
    handler: (request, reply) => answer(route, context, request, reply, callers.get(request) ?? nobody),
  } as RouteOptions);
}

/** A body such as `{"force": true}` has a meaning that would be lost. `{}` has none: some programs always send it. */
function refuseBody(body: unknown): void {
  if (body === undefined || isDeepStrictEqual(body, {})) return;
  const message = "the body is not empty, and this takes none";
  throw new ConnectorError("API_REQUEST_INVALID", message, { hint: "leave the body out" });
}

async function answer(
  route: Route,
  { parts, browsers, basePath }: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller & { message?: SignedMessage | null },
): Promise<FastifyReply> {
  const prefix = prefixOf(request.originalUrl, basePath);
  const { body, status, headers } = await route.handle(
    {
      params: request.params,
      query: request.query,
      body: request.body,
      ifVersion: versionsOf(request.headers["if-match"]),
      range: request.headers.range,
      credential: caller.credential,
      message: caller.message ?? null,
      hasKey: caller.hasKey,
      browser: {
        signIn: (proof) => browsers.signIn(request, reply, proof),
        whoIs: () => browsers.whoIs(caller),
        signOut: () => browsers.signOut(request, caller),
      },
      signal: callerGone(reply),
      record: recorderOf(parts, request, caller),
    },
    parts,
  );
  return reply
    .headers({ ...headers, ...(headers?.location && { location: prefix + headers.location }) })
    .code(status ?? route.status)
    .send(body);
}

/**
 * The versions in entity tags, which are quoted versions, compared strongly (RFC 9110): weak and malformed tags never match. `*`
 * and a missing header match every version.
 */
function versionsOf(header: string | undefined): readonly number[] | null {
  if (header === undefined || header.trim() === "*") return null;
  const tags = header.match(/(?:W\/)?"[^"]*"/gu) ?? [];
  return tags.flatMap((tag) => (/^"(?:0|[1-9]\d{0,15})"$/u.test(tag) ? [Number(tag.slice(1, -1))] : []));
}
