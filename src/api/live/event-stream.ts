import type { ServerResponse } from "node:http";
import { heartbeatMs, type LiveFeed, type LiveReader, type ReaderRequest } from "./live-feed.ts";

export const eventStream = "text/event-stream";

/** Time for a dropped reader to read the reason before its connection is closed. Milliseconds. */
const lastWordsMs = 10_000;

/** When a reader reconnects after its connection broke. Milliseconds. */
const comeBackMs = 3_000;

/** Buffering proxies hold back 4 or 8 KiB; this padding makes the first event arrive at once. */
const padding = `:${" ".repeat(8 * 1024)}\n`;

/** Sends server-sent events until the reader disconnects or is dropped. */
export function streamEvents(stream: ServerResponse, feed: LiveFeed, wishes: ReaderRequest): void {
  // The last one makes nginx pass on each event immediately.
  const headers = { "content-type": eventStream, "cache-control": "no-store, no-transform" };
  stream.writeHead(200, { ...headers, "x-accel-buffering": "no" });
  stream.write(`${padding}: listening\nretry: ${comeBackMs}\n\n`);
  const heartbeat = setInterval(() => stream.write(":\n\n"), heartbeatMs);
  let lastWords: NodeJS.Timeout | undefined;
  const reader: LiveReader = {
    send: ({ id, type }, json) => void stream.write(`id: ${id}\nevent: ${type}\ndata: ${json}\n\n`),
    unread: () => stream.writableLength,
    drop: (reason) => {
      clearInterval(heartbeat);
      stream.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
      // A reader that does not read does not consume the end either: the connection and its buffer would stay for ever.
      lastWords = setTimeout(() => stream.destroy(), lastWordsMs);
    },
  };
  const remove = feed.add(reader, wishes);
  stream.once("close", () => {
    clearInterval(heartbeat);
    clearTimeout(lastWords);
    remove();
  });
}
