import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import type { Gate } from "../access/gate.ts";
import { schemaOf } from "../describe-route.ts";
import { eventStream } from "../media-types.ts";
import type { RouteDescription } from "../route.ts";
import { connectorIdText } from "../routes/connector-id.ts";
import { followBySocket } from "./event-socket.ts";
import { streamEvents } from "./event-stream.ts";
import { eventsPath } from "./events-path.ts";
import type { LiveFeed } from "./live-feed.ts";

const query = z.object({
  connector: connectorIdText.optional().describe("only events of this connector"),
});

/** An answer that does not end, so that it is no `Route`. */
export const eventsRoute = {
  method: "GET",
  path: eventsPath,
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

/** Lets connections become WebSockets. Before all that may refuse a request, so that such a connection ends with the refusal. */
export async function addSockets(server: FastifyInstance, feed: LiveFeed): Promise<void> {
  // Before the plugin's own hook, which closes connections without a reason.
  server.addHook("preClose", async () => feed.close());
  await server.register(websocket, { options: { maxPayload: 1024 } });
}

/** `GET /events`: server-sent events, or a WebSocket for those who ask for one. */
export async function addEvents(server: FastifyInstance, feed: LiveFeed, gate: Gate): Promise<void> {
  await server.register(async (scope) => {
    scope.route({
      method: eventsRoute.method,
      url: eventsRoute.path,
      schema: schemaOf(eventsRoute),
      exposeHeadRoute: false,
      onRequest: async (request, reply) => void (await gate(eventsRoute.access, request, reply)),
      handler: (request, reply) => {
        // What hooks have set (request id, CORS, security) would not leave with a hijacked reply.
        for (const [name, value] of Object.entries(reply.getHeaders())) {
          if (value !== undefined) reply.raw.setHeader(name, value);
        }
        reply.hijack();
        streamEvents(reply.raw, feed, connectorOf(request));
      },
      wsHandler: (socket, request) => followBySocket(socket, feed, connectorOf(request)),
    });
  });
}

function connectorOf(request: FastifyRequest): string | null {
  return (request.query as z.infer<typeof query>).connector ?? null;
}
