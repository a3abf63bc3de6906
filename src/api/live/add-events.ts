import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { connectorIdField, textOf } from "../../operations/fields.ts";
import type { Authenticator } from "../access/authenticator.ts";
import type { Credential, Credentials } from "../access/credentials.ts";
import type { Tickets } from "../access/tickets.ts";
import { schemaOf } from "../describe-route.ts";
import { refuseUnknownQuery } from "../known-query.ts";
import type { RouteDescription } from "../route.ts";
import { followBySocket } from "./event-socket.ts";
import { eventStream, streamEvents } from "./event-stream.ts";
import type { LiveFeed } from "./live-feed.ts";

/** Path of the event stream. */
export const eventsPath = "/events";

const query = z.object({
  connector: connectorIdField.optional().describe("only events of this connector"),
  ticket: textOf(100).optional().describe("in the place of a key, see `POST /events/tickets`"),
  lastEventId: textOf(100)
    .optional()
    .describe("`id` of the last event that you had, where `Last-Event-ID` cannot be sent"),
});

/** Not a `Route`, because its answer does not end. */
export const eventsRoute = {
  method: "GET",
  path: eventsPath,
  access: "viewer",
  tag: "Service",
  summary: "Follow what happens, as server-sent events or over a WebSocket",
  details:
    "Each event has `id`, `type`, `at`, `connectorId` and `data`. A WebSocket (status 101) is opened for those who ask for one. Who names the " +
    "last event that it had is told what came after it, or by an event `missed` that some are not kept any more. Events of all " +
    "processes on the same state come, whichever of them is asked; ids are of one process, so that another one answers with `missed`. A reader that leaves more " +
    "than 1 MiB unread is dropped with a reason.",
  query,
  status: 200,
  answer: z.string(),
  mediaType: eventStream,
  errors: ["API_UPGRADE_REQUIRED", "CONNECTOR_UNKNOWN"],
} as const satisfies RouteDescription;

/**
 * Enables WebSocket upgrades. Registered before everything that may refuse a request, so that a refused upgrade ends with the refusal.
 */
export async function addSockets(server: FastifyInstance, feed: LiveFeed): Promise<void> {
  // Before the plugin's own hook, which closes connections without a reason.
  server.addHook("preClose", async () => feed.close());
  await server.register(websocket, { options: { maxPayload: 1024 } });
}

interface EventsAccess {
  authenticate: Authenticator;
  credentials: Credentials;
  tickets: Pick<Tickets, "redeem">;
  /** Throws `CONNECTOR_UNKNOWN`. */
  requireConnector: (id: string) => unknown;
}

/** How soon a stream ends after its key was revoked or has expired. Milliseconds. */
const lookAtKeysEveryMs = 1000;

/** `GET /events`: server-sent events, or a WebSocket on request. */
export async function addEvents(
  server: FastifyInstance,
  feed: LiveFeed,
  { authenticate, credentials, tickets, requireConnector }: EventsAccess,
): Promise<void> {
  endWithKeys(server, feed, credentials);
  const shown = new WeakMap<FastifyRequest, Credential>();
  const wishesOf = (request: FastifyRequest) => ({
    ...askedBy(request),
    credential: shown.get(request) ?? null,
  });
  await server.register(async (scope) => {
    scope.route({
      method: eventsRoute.method,
      url: eventsRoute.path,
      schema: schemaOf(eventsRoute),
      exposeHeadRoute: false,
      onRequest: async (request, reply) => {
        const sent = credentials.sentBy(request);
        // A browser may hold a cookie that has ended, and a ticket that has not.
        const given = sent?.kind === "key" ? sent : (ofTicket(request, tickets) ?? sent);
        const { credential } = await authenticate(eventsRoute.access, request, reply, given);
        if (credential !== null) shown.set(request, credential);
      },
      preValidation: async (request) => refuseUnknownQuery(request.query, query),
      // A stream of an unknown connector would stay silent for ever.
      preHandler: async (request) => {
        const { connectorId } = askedBy(request);
        if (connectorId !== null) requireConnector(connectorId);
      },
      handler: async (request, reply) => {
        requireUpgrade(request, reply);
        // Headers set by hooks (request id, CORS, security) would not be sent with a hijacked reply.
        for (const [name, value] of Object.entries(reply.getHeaders())) {
          if (value !== undefined) reply.raw.setHeader(name, value);
        }
        reply.hijack();
        streamEvents(reply.raw, feed, wishesOf(request));
      },
      wsHandler: (socket, request) => {
        followBySocket(socket, feed, wishesOf(request));
      },
    });
  });
}

/** A stream lasts no longer than the key that opened it. */
function endWithKeys(server: FastifyInstance, feed: LiveFeed, credentials: Credentials): void {
  // When the state cannot be read now, the next check will see it.
  const look = () => void feed.dropRefused((each) => credentials.isInForce(each)).catch(() => undefined);
  const looks = setInterval(look, lookAtKeysEveryMs).unref();
  server.addHook("onClose", async () => clearInterval(looks));
}

function askedBy(request: FastifyRequest) {
  const { connector = null, lastEventId = null } = request.query as z.infer<typeof query>;
  const header = request.headers["last-event-id"];
  return {
    connectorId: connector,
    lastId: typeof header === "string" && header !== "" ? header : lastEventId,
  };
}

/** An invalid ticket is tried as a key, so that it counts as a failed attempt. */
function ofTicket({ query }: FastifyRequest, tickets: Pick<Tickets, "redeem">): Credential | null {
  const { ticket } = query as { ticket?: unknown };
  if (typeof ticket !== "string" || ticket === "") return null;
  return tickets.redeem(ticket) ?? { kind: "key", secret: ticket };
}

/** A client whose proxy drops the `Upgrade` header would wait for its WebSocket for ever. */
function requireUpgrade({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (headers["sec-websocket-key"] === undefined) return;
  reply.header("upgrade", "websocket");
  throw new ConnectorError("API_UPGRADE_REQUIRED", "a WebSocket was asked for without the Upgrade header");
}
