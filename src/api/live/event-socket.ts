import type { WebSocket } from "@fastify/websocket";
import { heartbeatMs, type LiveFeed, type LiveReader, type ReaderRequest } from "./live-feed.ts";

/** WebSocket's code for "try again later" (RFC 6455's registry). */
const tryAgainLater = 1013;
/** "Policy violation": reconnecting is of no use. */
const againstTheRules = 1008;

/** Sends events over a WebSocket until the reader disconnects, is dropped, or does not answer a ping. */
export function followBySocket(socket: WebSocket, feed: LiveFeed, wishes: ReaderRequest): void {
  const reader: LiveReader = {
    send: (_, json) => socket.send(json),
    unread: () => socket.bufferedAmount,
    // The library terminates the connection when the reader does not answer.
    drop: (reason, forGood) => socket.close(forGood ? againstTheRules : tryAgainLater, reason),
  };
  const remove = feed.add(reader, wishes);
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
