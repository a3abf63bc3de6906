import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import type { Gate } from "../access/gate.ts";
import { schemaOf } from "../describe-route.ts";
import { eventStream } from "../media-types.ts";
import type { RouteDescription } from "../route.ts";
import { connectorIdText } from "../routes/connector-id.ts";
import type { LiveFeed, LiveReader } from "./live-feed.ts";

/** Proxies end connections on which nothing happens. Milliseconds. */
const heartbeatMs = 15_000;
/** WebSocket's code for "try again later" (RFC 6455's registry). */
const tryAgainLater = 1013;

const query = z.object({
  connector: connectorIdText.optional().describe("only events of this connector"),
});

/** An answer that does not end, so that it is no `Route`. */
export const eventsRoute = {
  method: "GET",
  path: "/events",
  access: "viewer",
  tag: "Service",
  summary: "Follow what happens, as server-sent events or over a WebSocket",
  details:
    "Each event has `type`, `at`, `connectorId` and `data`. A WebSocket (status 101) is opened for those who ask for one. A reader that " +
    "leaves more than 1 MiB unread is dropped with a reason.",
  query,
  status: 200,
  answer: z.string(),
  mediaType: eventStream,
  errors: [],
} as const satisfies RouteDescription;

/** `GET /events`: server-sent events, or a WebSocket for those who ask for one. */
export async function addEvents(server: FastifyInstance, feed: LiveFeed, gate: Gate): Promise<void> {
  // Before the plugin's own hook, which closes connections without a reason.
  server.addHook("preClose", async () => feed.close());
  await server.register(websocket, { options: { maxPayload: 1024 } });
  await server.register(async (scope) => {
    scope.route({
      method: eventsRoute.method,
      url: eventsRoute.path,
      schema: schemaOf(eventsRoute),
      exposeHeadRoute: false,
      onRequest: async (request, reply) => void (await gate(eventsRoute.access, request, reply)),
      handler: (request, reply) => sendEvents(request, reply, feed),
      wsHandler: (socket, request) => {
        const reader: LiveReader = {
          connectorId: connectorOf(request),
          send: (_, json) => socket.send(json),
          unread: () => socket.bufferedAmount,
          drop: (reason) => socket.close(tryAgainLater, reason),
        };
        socket.on("close", feed.add(reader));
        // Without a listener a broken connection would be an unhandled error; `close` follows it.
        socket.on("error", () => undefined);
      },
    });
  });
}

function sendEvents(request: FastifyRequest, reply: FastifyReply, feed: LiveFeed): void {
  reply.hijack();
  const stream = reply.raw;
  stream.writeHead(200, {
    "content-type": eventStream,
    "cache-control": "no-store",
    "x-request-id": request.id,
  });
  stream.write(": listening\n\n");
  const heartbeat = setInterval(() => stream.write(":\n\n"), heartbeatMs);
  const remove = feed.add({
    connectorId: connectorOf(request),
    send: ({ type }, json) => void stream.write(`event: ${type}\ndata: ${json}\n\n`),
    unread: () => stream.writableLength,
    drop: (reason) => {
      stream.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
    },
  });
  stream.once("close", () => {
    clearInterval(heartbeat);
    remove();
  });
}

function connectorOf(request: FastifyRequest): string | null {
  return (request.query as z.infer<typeof query>).connector ?? null;
}
