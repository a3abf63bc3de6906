import { once } from "node:events";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { LiveEvent } from "../../src/api/live/live-feed.ts";

/** Reads the event stream. */
export async function followStream(
  url: string,
  key: string,
  path = "/events",
  headers: Record<string, string> = {},
) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const answer = await fetch(url + path, { headers: { "x-api-key": key, ...headers }, signal: stop.signal });
  let text = "";
  const read = async () => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part;
  };
  void read().catch(() => undefined);
  return { status: answer.status, headers: answer.headers, text: () => text };
}

/** Reads events over a WebSocket. */
export async function openSocket(url: string, key: string, path = "/events") {
  const socket = new WebSocket(url.replace("http", "ws") + path, { headers: { "x-api-key": key } });
  onTestFinished(() => socket.terminate());
  const seen: LiveEvent[] = [];
  socket.on("message", (data) => void seen.push(JSON.parse(String(data))));
  await once(socket, "open");
  return { socket, seen };
}
