import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../../kernel/util/clock.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { AppEvents } from "../../runtime/app-events.ts";
import { LiveEvents } from "../../runtime/live/live-events.ts";
import { followBySocket } from "./event-socket.ts";
import { LiveFeed } from "./live-feed.ts";

/** A WebSocket reader whose heartbeat the test drives. */
async function startReader(options: { autoPong: boolean }) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const feed = new LiveFeed(new LiveEvents(new EventBus<AppEvents>(), systemClock), systemClock);
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  const connected = Promise.withResolvers<WebSocket>();
  new WebSocketServer({ server }).on("connection", (socket) => {
    followBySocket(socket, feed, { connectorId: null, lastId: null, credential: null });
    connected.resolve(socket);
  });
  await once(server, "listening");
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  onTestFinished(() => reader.terminate());
  await once(reader, "open");
  const beat = async () => {
    const pinged = once(reader, "ping");
    vi.advanceTimersByTime(15_000);
    await pinged;
  };
  return { reader, beat, socket: await connected.promise };
}

test("a reader that does not answer to a ping is taken for gone", async () => {
  const { reader, beat } = await startReader({ autoPong: false });
  await beat();
  const closed = once(reader, "close");
  vi.advanceTimersByTime(15_000);
  expect((await closed)[0]).toBe(1006);
  expect(vi.getTimerCount()).toBe(0);
});

test("a reader that answers stays", async () => {
  const { reader, beat, socket } = await startReader({ autoPong: true });
  for (let count = 0; count < 3; count++) {
    const answered = once(socket, "pong");
    await beat();
    await answered;
  }
  expect(reader.readyState).toBe(WebSocket.OPEN);
});
