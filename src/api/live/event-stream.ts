import type { ServerResponse } from "node:http";
import { eventStream } from "../media-types.ts";
import { heartbeatMs } from "./heartbeat.ts";
import type { LiveFeed } from "./live-feed.ts";

/** A reader that was dropped may still read why; then its connection is closed. Milliseconds. */
const lastWordsMs = 10_000;

/** Sends what happens as server-sent events, until the reader goes or is dropped. */
export function streamEvents(stream: ServerResponse, feed: LiveFeed, connectorId: string | null): void {
  stream.writeHead(200, { "content-type": eventStream, "cache-control": "no-store" });
  stream.write(": listening\n\n");
  const heartbeat = setInterval(() => stream.write(":\n\n"), heartbeatMs);
  let lastWords: NodeJS.Timeout | undefined;
  const remove = feed.add({
    connectorId,
    send: ({ type }, json) => void stream.write(`event: ${type}\ndata: ${json}\n\n`),
    unread: () => stream.writableLength,
    drop: (reason) => {
      clearInterval(heartbeat);
      stream.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
      // Who does not read does not take the end either: the connection and its buffer would stay for ever.
      lastWords = setTimeout(() => stream.destroy(), lastWordsMs);
    },
  });
  stream.once("close", () => {
    clearInterval(heartbeat);
    clearTimeout(lastWords);
    remove();
  });
}
