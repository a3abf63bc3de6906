import type { WebSocket } from "@fastify/websocket";
import { heartbeatMs } from "./heartbeat.ts";
import type { LiveFeed, LiveReader } from "./live-feed.ts";

/** WebSocket's code for "try again later" (RFC 6455's registry). */
const tryAgainLater = 1013;

/** Sends what happens over a WebSocket, until the reader goes, is dropped, or does not answer to a ping. */
export function followBySocket(
  socket: WebSocket,
  feed: LiveFeed,
  connectorId: string | null,
  lastId: string | null = null,
): void {
  const reader: LiveReader = {
    connectorId,
    send: (_, json) => socket.send(json),
    unread: () => socket.bufferedAmount,
    // The library closes the connection by force when the reader does not answer.
    drop: (reason) => socket.close(tryAgainLater, reason),
  };
  const remove = feed.add(reader, lastId);
  let hasAnswered = true;
  const heartbeat = setInterval(() => {
    if (!hasAnswered) {
      socket.terminate();
      return;
    }
    hasAnswered = false;
    socket.ping();
  }, heartbeatMs);
  socket.on("pong", () => {
    hasAnswered = true;
  });
  socket.on("close", () => {
    clearInterval(heartbeat);
    remove();
  });
  // Without a listener a broken connection would be an unhandled error; `close` follows it.
  socket.on("error", () => undefined);
}
