import type { IncomingMessage, RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { recordSpans } from "../../../test/support/recorded-spans.ts";
import { inSpan, within } from "../tracing/span.ts";
import { HttpClient, type HttpClientOptions } from "./http-client.ts";

const never = new AbortController().signal;
const get = { method: "GET", path: ["memory"], query: { near: "my house" } } as const;

/** A server with the traceparents that it has seen, and a client of it. */
async function startPair(listener: RequestListener, options: Partial<HttpClientOptions> = {}) {
  const seen: unknown[] = [];
  const server = await startHttpServer((request, response) => {
    seen.push(request.headers.traceparent);
    listener(request, response);
  });
  const client = new HttpClient({
    baseUrl: server.url.replace("//", "//user:password@"),
    headers: { "X-API-KEY": "a-secret-key" },
    attemptTimeoutMs: 2000,
    totalTimeoutMs: 10_000,
    maxBodyBytes: 10_000,
    maxConcurrent: 4,
    retry: { maxRetries: 3, baseMs: 1, multiplier: 2, capMs: 10 },
    clock: new ManualClock(),
    random: () => 0.5,
    traced: "memory_api",
    ...options,
  });
  onTestFinished(() => client.close());
  return { seen, client, url: server.url };
}

const fine: RequestListener = (_, response) => response.end("{}");

/** Answers the n-th request with the n-th status, and then with 200. */
function statuses(...each: number[]): RequestListener {
  return (_, response) => response.writeHead(each.shift() ?? 200).end("{}");
}

test("with method, host, port, path and status, without login, query and key", async () => {
  const { client, url } = await startPair(fine);
  const { spans, tracer } = recordSpans();
  await within(tracer, () => inSpan({ name: "run" }, () => client.json(get, never)));
  expect(spans.slice(1)).toEqual([
    {
      path: "run > GET",
      attributes: {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": Number(new URL(url).port),
        "url.full": `${url}/memory`,
        "memory_connector.service": "memory_api",
      },
      failed: null,
      ended: true,
    },
  ]);
});

test("each attempt of a call one of its own, with its number, and the server sees that one", async () => {
  const { client, seen } = await startPair(statuses(503, 429));
  const { spans, tracer } = recordSpans();
  await within(tracer, () => client.json(get, never));
  expect(spans.map(({ failed, attributes }) => [failed, attributes["http.request.resend_count"]])).toEqual([
    ["503", undefined],
    ["429", 1],
    [null, 2],
  ]);
  expect(seen).toEqual(["GET", "GET", "GET"]);
});

test.each<[string, RequestListener, Partial<HttpClientOptions>]>([
  ["network", (request) => request.socket.destroy(), {}],
  ["not-json", (_, response) => response.end("<html>"), {}],
  ["too-large", (_, response) => response.end("x".repeat(100)), { maxBodyBytes: 10 }],
  ["timeout", () => {}, { attemptTimeoutMs: 20 }],
  ["404", statuses(404), {}],
  ["redirect", (_, response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(), {}],
])("a failure by %s under that name", async (errorType, listener, options) => {
  const { client } = await startPair(listener, options);
  const { spans, tracer } = recordSpans();
  await within(tracer, () => client.json({ ...get, retry: "never" }, never)).catch(() => {});
  expect(spans).toMatchObject([{ failed: errorType, ended: true }]);
});

test("an attempt that its caller gives up is no failure of the server's", async () => {
  const { client, seen } = await startPair(() => {});
  const { spans, tracer } = recordSpans();
  const caller = new AbortController();
  const call = within(tracer, () => client.json(get, caller.signal)).catch(() => {});
  await expect.poll(() => seen.length).toBe(1);
  caller.abort();
  await call;
  expect(spans).toMatchObject([{ failed: "cancelled", ended: true }]);
});

test("calls of different work that queue for one connection are parts of their own work", async () => {
  const waiting: (() => void)[] = [];
  const { client, seen } = await startPair((_, response) => waiting.push(() => response.end("{}")), {
    maxConcurrent: 1,
  });
  const { tracer } = recordSpans();
  const runs = ["one", "two", "three"].map((name) =>
    within(tracer, () => inSpan({ name }, () => client.json(get, never))),
  );
  for (let answered = 0; answered < 3; answered++) {
    await expect.poll(() => waiting.length).toBe(answered + 1);
    waiting[answered]?.();
  }
  await Promise.all(runs);
  expect(seen).toEqual(["one > GET", "two > GET", "three > GET"]);
});

test("a redirect inside the server keeps the header, one to another origin is not followed", async () => {
  const other = await startPair(fine);
  const location = (request: IncomingMessage) => (request.url?.startsWith("/memory") ? "/next" : other.url);
  const { client, seen } = await startPair((request, response) =>
    response.writeHead(307, { location: location(request) }).end(),
  );
  const { tracer } = recordSpans();
  await expect(within(tracer, () => client.json(get, never))).rejects.toThrow("another origin");
  expect([seen, other.seen]).toEqual([["GET", "GET"], []]);
});

test("a client that is not traced, and work that is not, send no header", async () => {
  const untraced = await startPair(fine);
  const foreign = await startPair(fine, { traced: undefined });
  const { spans, tracer } = recordSpans();
  await untraced.client.json(get, never);
  await within(tracer, () => foreign.client.json(get, never));
  expect([...untraced.seen, ...foreign.seen, ...spans]).toEqual([undefined, undefined]);
});
