import type { ServerResponse } from "node:http";
import { heartbeatMs, type LiveFeed, type LiveReader, type ReaderRequest } from "./live-feed.ts";

export const eventStream = "text/event-stream";

/** A reader that was dropped may still read why; then its connection is closed. Milliseconds. */
const lastWordsMs = 10_000;

/** When a reader whose connection broke comes back. Milliseconds. */
const comeBackMs = 3_000;

/** Proxies that gather an answer before they pass it on gather 4 or 8 KiB: with these the first words arrive at once. */
const padding = `:${" ".repeat(8 * 1024)}\n`;

/** Sends what happens as server-sent events, until the reader goes or is dropped. */
export function streamEvents(stream: ServerResponse, feed: LiveFeed, wishes: ReaderRequest): void {
  // nginx heeds the last one: it passes each event on as it comes.
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
      // Who does not read does not take the end either: the connection and its buffer would stay for ever.
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
