import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** A stream of events that somebody has opened. */
class Stream {
  static readonly CLOSED = 2;
  static last: Stream;
  readyState = 1;
  onopen: () => void = () => undefined;
  constructor() {
    Stream.last = this;
  }
  addEventListener() {}
  close() {
    this.readyState = 2;
  }
}

/** A service that answers, or hangs: it takes each request and says nothing until the browser gives up. */
function startService() {
  const service = { hangs: false, asked: 0 };
  vi.stubGlobal("document", { baseURI: "http://127.0.0.1/" });
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("fetch", async (_: string, { signal }: RequestInit) => {
    service.asked += 1;
    if (!service.hangs) return new Response("{}");
    return new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason as Error)),
    );
  });
  return service;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a service that hangs is not live within seconds, what waits for it ends, and it is live again once it goes on", async () => {
  const service = startService();
  const { closeLive, connection, openLive } = await import("./live.ts");
  const { request } = await import("./request.ts");
  openLive([]);
  Stream.last.onopen();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connection.value.state).toBe("live");
  const first = Stream.last;
  service.hangs = true;
  const waiting = request("GET", "memories").catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(connection.value.state).toBe("away");
  expect(await waiting).toMatchObject({ code: "SERVICE_UNREACHABLE" });
  service.hangs = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(Stream.last).not.toBe(first);
  Stream.last.onopen();
  expect(connection.value.state).toBe("live");
  closeLive();
});

test("a slow answer is waited for as long as the service answers others, and nobody asks once the stream is closed", async () => {
  const service = startService();
  const { closeLive, connection, openLive } = await import("./live.ts");
  const { request } = await import("./request.ts");
  openLive([]);
  Stream.last.onopen();
  service.hangs = true;
  const state = { isOver: false };
  void request("GET", "query").finally(() => {
    state.isOver = true;
  });
  service.hangs = false;
  await vi.advanceTimersByTimeAsync(120_000);
  expect([state.isOver, connection.value.state]).toEqual([false, "live"]);
  closeLive();
  const { asked } = service;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(service.asked).toBe(asked);
});
