import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { AppEvents } from "../../runtime/app-events.ts";
import { LiveEvents } from "../../runtime/live/live-events.ts";
import { streamEvents } from "./event-stream.ts";
import { LiveFeed } from "./live-feed.ts";

/** A reader of an event stream whose timers the test drives. */
async function startReader() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const events = new EventBus<AppEvents>();
  const feed = new LiveFeed(new LiveEvents(events, systemClock), systemClock);
  const started = Promise.withResolvers<ServerResponse>();
  const { url } = await startHttpServer((_, response) => {
    streamEvents(response, feed, { connectorId: null, lastId: null, credential: null });
    started.resolve(response);
  });
  const { hostname, port } = new URL(url);
  const reader: Socket = connect(Number(port), hostname);
  onTestFinished(() => void reader.destroy());
  reader.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  return { events, reader, stream: await started.promise };
}

test("a reader that stopped reading is dropped, and its connection does not stay", async () => {
  const { events, reader, stream } = await startReader();
  reader.pause();
  while (!stream.writableEnded) {
    events.emit("run:notice", { runId: "r", connectorId: "one", message: "x".repeat(500_000) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(stream.destroyed).toBe(false);
  const closed = once(stream, "close");
  vi.advanceTimersByTime(60_000);
  await closed;
  expect(vi.getTimerCount()).toBe(0);
});

test("a stream on which nothing happens is kept alive, and leaves nothing behind", async () => {
  const { reader, stream } = await startReader();
  let text = "";
  reader.on("data", (part) => {
    text += part;
  });
  await expect.poll(() => text).toContain(": listening");
  vi.advanceTimersByTime(15_000);
  await expect.poll(() => text).toMatch(/\n:\n\n/u);
  const closed = once(stream, "close");
  reader.destroy();
  await closed;
  expect(vi.getTimerCount()).toBe(0);
});
