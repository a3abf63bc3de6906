import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpAttempt } from "./attempt-observer.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { HttpClient, type HttpClientOptions } from "./http-client.ts";
import { HttpError } from "./http-error.ts";

const never = new AbortController().signal;
const key = "a-secret-key-of-the-source";

function makeClient(baseUrl: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = new HttpClient({
    baseUrl,
    headers: { "X-API-KEY": key },
    attemptTimeoutMs: 2_000,
    totalTimeoutMs: 10_000,
    maxBodyBytes: 10_000,
    maxConcurrent: 4,
    retry: { maxRetries: 3, baseMs: 100, multiplier: 2, capMs: 1_000 },
    clock: new ManualClock(),
    random: () => 0.5,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** Answers the n-th request with the n-th listener, and with the last one from then on. */
function inTurn(...listeners: RequestListener[]): RequestListener {
  let n = 0;
  return (request, response) => listeners[Math.min(n++, listeners.length - 1)]?.(request, response);
}

const sendJson =
  (body: unknown, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const fine = sendJson({ ok: true });
const get = { method: "GET", path: ["memory", "CTX"] } as const;
const post = { method: "POST", path: ["insert"], json: { text: "hello" } } as const;

async function failureOf(work: Promise<unknown>): Promise<HttpError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(HttpError);
  return thrown as HttpError;
}

describe("a request", () => {
  it("carries the default headers, the encoded path below the base URL, the query and a JSON body", async () => {
    const seen: Record<string, unknown> = {};
    const server = await startHttpServer(async (request, response) => {
      const body = await text(request);
      Object.assign(seen, {
        url: request.url,
        key: request.headers["x-api-key"],
        extra: request.headers["x-extra"],
        body,
      });
      fine(request, response);
    });
    const answer = await makeClient(`${server.url}/base/?tenant=a`).json(
      {
        ...post,
        path: ["memory", "a/b ü?"],
        query: { limit: 5, none: undefined },
        headers: { "X-Extra": "1" },
      },
      never,
    );
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(seen).toEqual({
      url: "/base/memory/a%2Fb%20%C3%BC%3F?tenant=a&limit=5",
      key,
      extra: "1",
      body: '{"text":"hello"}',
    });
  });

  it("can be a form", async () => {
    const server = await startHttpServer(async (request, response) => {
      const body = await text(request);
      sendJson({ type: request.headers["content-type"], body })(request, response);
    });
    const form = { username: "me", password: "a&b" };
    const answer = await makeClient(server.url).json({ method: "POST", path: ["login"], form }, never);
    expect(answer.body).toEqual({
      type: "application/x-www-form-urlencoded",
      body: "username=me&password=a%26b",
    });
  });

  it.each(["", ".", ".."])(
    "refuses %o as a part of the path, which would name another resource",
    async (segment) => {
      await expect(
        makeClient("http://127.0.0.1:1").json({ ...get, path: ["memory", segment] }, never),
      ).rejects.toThrow(/ cannot name "\.*" in its path$/);
    },
  );

  it("can be bytes of any type", async () => {
    const server = await startHttpServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString("hex");
      response.end(JSON.stringify({ type: request.headers["content-type"], body }));
    });
    const raw = { type: "audio/ogg", body: new Uint8Array([0, 255, 13, 10]) };
    const answer = await makeClient(server.url).json({ method: "POST", path: ["upload"], raw }, never);
    expect(answer.body).toEqual({ type: "audio/ogg", body: "00ff0d0a" });
  });

  it("uses its connections again, after errors too", async () => {
    const server = await startHttpServer(inTurn(fine, sendJson({ detail: "no" }, 404), fine));
    const client = makeClient(server.url, { maxConcurrent: 1 });
    await client.json(get, never);
    await failureOf(client.json(get, never));
    await client.json(get, never);
    expect(server.connections()).toBe(1);
  });

  it("gives an empty body as undefined and a status that the caller accepts as an answer", async () => {
    const server = await startHttpServer((_, response) => response.writeHead(409).end());
    const answer = await makeClient(server.url).json({ ...get, accept: (status) => status === 409 }, never);
    expect(answer).toMatchObject({ status: 409, body: undefined });
  });
});

describe("an error", () => {
  it("names method, URL and status, masks every secret, and keeps the start of the body apart", async () => {
    const server = await startHttpServer(
      sendJson({ detail: `bad key ${key}`, filler: "x".repeat(5_000) }, 403),
    );
    const error = await failureOf(
      makeClient(server.url).json({ ...get, query: { token: "t0ps3cret" } }, never),
    );
    expect(error.message).toBe(`GET ${server.url}/memory/CTX?token=*** answered 403`);
    expect(error).toMatchObject({ failure: "status", status: 403, attempts: 1 });
    expect(error.bodyExcerpt).toContain('"bad key ***"');
    expect(error.bodyExcerpt?.length).toBeLessThanOrEqual(500);
  });

  it("says that nothing was delivered when nobody listens", async () => {
    const error = await failureOf(makeClient("http://127.0.0.1:1").json(post, never));
    expect(error).toMatchObject({ failure: "connect", undelivered: true, attempts: 4 });
  });

  it("does not quote a body that is not JSON", async () => {
    const server = await startHttpServer((_, response) => response.end('{"transcript": "my diary'));
    const error = await failureOf(makeClient(server.url).json(get, never));
    expect(error).toMatchObject({ failure: "not-json", attempts: 4 });
    expect(error.message).not.toContain("diary");
  });

  it("comes as soon as a body is longer than allowed", async () => {
    const server = await startHttpServer((_, response) => {
      response.on("error", () => {});
      response.write("x".repeat(20_000));
    });
    const error = await failureOf(makeClient(server.url).json(get, never));
    expect(error).toMatchObject({ failure: "too-large", attempts: 1 });
  });

  it("of the consumer's own passes through untouched", async () => {
    const server = await startHttpServer(fine);
    const own = new Error("disk full");
    await expect(makeClient(server.url).stream(get, () => Promise.reject(own), never)).rejects.toBe(own);
  });
});

describe("retries", () => {
  it("wait longer each time, at random below the bound, and end with the answer", async () => {
    const clock = new ManualClock();
    const server = await startHttpServer(
      inTurn(sendJson({}, 500), sendJson({}, 503), sendJson({}, 408), fine),
    );
    await expect(makeClient(server.url, { clock }).json(get, never)).resolves.toMatchObject({
      body: { ok: true },
    });
    expect(clock.sleeps).toEqual([50, 100, 200]);
  });

  it("wait as long as Retry-After says", async () => {
    const clock = new ManualClock();
    const limited: RequestListener = (_, response) => response.writeHead(429, { "retry-after": "4" }).end();
    const server = await startHttpServer(inTurn(limited, fine));
    await makeClient(server.url, { clock }).json(get, never);
    expect(clock.sleeps).toEqual([4_000]);
  });

  it("end at once when the wait would go beyond the total budget, and say how long the wait would be", async () => {
    const clock = new ManualClock();
    const server = await startHttpServer((_, response) =>
      response.writeHead(429, { "retry-after": "60" }).end(),
    );
    const error = await failureOf(makeClient(server.url, { clock }).json(get, never));
    expect(error).toMatchObject({ status: 429, retryAfterMs: 60_000, attempts: 1 });
    expect(clock.sleeps).toEqual([]);
  });

  it("follow a connection that was reset before or in the body", async () => {
    const server = await startHttpServer(
      inTurn(
        (request) => request.socket.resetAndDestroy(),
        (request, response) => {
          response.writeHead(200, { "content-length": "100" });
          response.write('{"ok":', () => request.socket.resetAndDestroy());
        },
        fine,
      ),
    );
    await expect(makeClient(server.url).json(get, never)).resolves.toMatchObject({ body: { ok: true } });
  });

  it("never send an insert twice that may have arrived", async () => {
    let inserts = 0;
    const server = await startHttpServer((request) => {
      inserts++;
      request.socket.resetAndDestroy();
    });
    const error = await failureOf(makeClient(server.url).json(post, never));
    expect(error).toMatchObject({ failure: "network", undelivered: false });
    expect(inserts).toBe(1);
  });
});

describe("time", () => {
  it("of an attempt ends a silent answer", async () => {
    const server = await startHttpServer(inTurn(() => {}, fine));
    const client = makeClient(server.url, { attemptTimeoutMs: 200 });
    await expect(client.json(get, never)).resolves.toMatchObject({ status: 200 });
  });

  it("of an attempt ends an answer that trickles, however steadily", async () => {
    const server = await startHttpServer((_, response) => {
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drip));
    });
    const error = await failureOf(
      makeClient(server.url, { attemptTimeoutMs: 80 }).json({ ...get, retry: "never" }, never),
    );
    expect(error).toMatchObject({ failure: "timeout", undelivered: false });
    expect(error.message).toContain("did not finish within 80 ms");
  });

  it("of the whole call ends it in the middle of an attempt", async () => {
    const server = await startHttpServer(() => {});
    const error = await failureOf(makeClient(server.url, { totalTimeoutMs: 50 }).json(get, never));
    expect(error.message).toContain("did not finish within 50 ms");
  });

  it("in the queue does not count as the attempt's", async () => {
    const server = await startHttpServer((request, response) =>
      setTimeout(() => fine(request, response), 250),
    );
    const client = makeClient(server.url, { maxConcurrent: 1, attemptTimeoutMs: 700, retry: noRetries });
    const calls = [1, 2, 3, 4].map(() => client.json(get, never));
    await expect(Promise.all(calls)).resolves.toHaveLength(4);
  });
});

const noRetries = { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 };

describe("an abort", () => {
  it("ends a call that waits for its answer", async () => {
    const controller = new AbortController();
    const server = await startHttpServer(() => controller.abort());
    await expect(makeClient(server.url).json(get, controller.signal)).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("ends a call that waits in the queue, while the one before goes on", async () => {
    const answering = Promise.withResolvers<ServerResponse>();
    const server = await startHttpServer((_, response) => answering.resolve(response));
    const client = makeClient(server.url, { maxConcurrent: 1 });
    const first = client.json(get, never);
    const response = await answering.promise;
    const controller = new AbortController();
    const second = client.json(get, controller.signal);
    controller.abort(new Error("the run was cancelled by a person"));
    const cancelled = await second.catch((error: unknown) => error);
    expect(cancelled).toBeInstanceOf(ConnectorError);
    expect(cancelled).toMatchObject({ code: "CANCELLED" });
    response.end("{}");
    await expect(first).resolves.toMatchObject({ status: 200 });
  });
});

describe("redirects", () => {
  it("are followed within the origin, with the key", async () => {
    const server = await startHttpServer((request, response) => {
      if (!request.url?.endsWith("/")) response.writeHead(307, { location: `${request.url}/` }).end();
      else sendJson({ key: request.headers["x-api-key"] })(request, response);
    });
    await expect(makeClient(server.url).json(post, never)).resolves.toMatchObject({ body: { key } });
  });

  it("to another origin are an error, and the other origin sees nothing", async () => {
    let visits = 0;
    const other = await startHttpServer(() => visits++);
    const server = await startHttpServer((_, response) =>
      response.writeHead(302, { location: `${other.url}/x` }).end(),
    );
    const error = await failureOf(makeClient(server.url).json(get, never));
    expect(error).toMatchObject({ failure: "redirect", attempts: 1 });
    expect(error.message).toContain(`redirects to another origin, ${other.url}`);
    expect(visits).toBe(0);
  });

  it("that go in circles or would drop the body are an error", async () => {
    const server = await startHttpServer((_, response) =>
      response.writeHead(302, { location: "/again" }).end(),
    );
    const client = makeClient(server.url);
    await expect(client.json(get, never)).rejects.toThrow("redirects in circles");
    await expect(client.json(post, never)).rejects.toThrow("redirects with 302, which drops the body");
  });
});

describe("the circuit breaker of a client", () => {
  it("stops calls after outages, not after refusals, and says when to come back", async () => {
    let requests = 0;
    const answers = inTurn(sendJson({}, 404), sendJson({}, 429), sendJson({}, 500));
    const server = await startHttpServer((request, response) => {
      requests++;
      answers(request, response);
    });
    const clock = new ManualClock();
    const isOutage = (error: unknown) => error instanceof HttpError && error.outage;
    const breaker = new CircuitBreaker({ threshold: 2, openMs: 5_000, isOutage, clock });
    const client = makeClient(server.url, { clock, breaker, retry: noRetries });
    for (let i = 0; i < 6; i++) await failureOf(client.json(get, never));
    expect(requests).toBe(4);
    const refused = await failureOf(client.json(get, never));
    expect(refused).toMatchObject({
      failure: "circuit-open",
      undelivered: true,
      retryAfterMs: 5_000,
      attempts: 0,
    });
    expect(breaker.snapshot()).toMatchObject({
      state: "open",
      lastError: `GET ${server.url}/memory/CTX answered 500`,
    });
  });
});

describe("an observer of attempts", () => {
  it("hears of each attempt with its status, and of one that got no answer", async () => {
    const attempts: HttpAttempt[] = [];
    const onAttempt = (attempt: HttpAttempt) => attempts.push(attempt);
    const drop: RequestListener = (request) => request.socket.destroy();
    const server = await startHttpServer(inTurn(sendJson({}, 503), drop, fine));
    await makeClient(server.url, { onAttempt }).json(get, never);
    expect(attempts.map(({ method, status }) => [method, status])).toEqual([
      ["GET", 503],
      ["GET", null],
      ["GET", 200],
    ]);
  });

  it("hears of an attempt that ran out of time, and of none that its caller gave up", async () => {
    const attempts: HttpAttempt[] = [];
    const onAttempt = (attempt: HttpAttempt) => attempts.push(attempt);
    const cancel = new AbortController();
    const server = await startHttpServer(
      inTurn(
        () => undefined,
        () => cancel.abort(),
      ),
    );
    const client = makeClient(server.url, { onAttempt, totalTimeoutMs: 30 });
    await failureOf(client.json(get, never));
    expect(attempts).toMatchObject([{ status: null }]);
    const patient = makeClient(server.url, { onAttempt });
    await expect(patient.json(get, cancel.signal)).rejects.toThrow();
    expect(attempts).toHaveLength(1);
  });
});

describe("a login in the base URL", () => {
  const heardBy = async (login: string, headers?: Record<string, string>) => {
    let heard: string | undefined;
    const server = await startHttpServer((request, response) => {
      heard = request.headers.authorization;
      response.setHeader("content-type", "application/json").end("{}");
    });
    const client = makeClient(
      server.url.replace("http://", `http://${login}`),
      headers === undefined ? {} : { headers },
    );
    await client.json(get, never);
    return heard;
  };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  it("is sent as Basic, decoded", async () => {
    expect(await heardBy("user:p%40ss%3Aword@")).toBe(basic("user:p@ss:word"));
    expect(await heardBy("user@")).toBe(basic("user:"));
    expect(await heardBy("us%zzer:ü@")).toBe(basic("us%zzer:ü"));
    expect(await heardBy("")).toBeUndefined();
  });

  it("stands back behind the client's own authorization", async () => {
    expect(await heardBy("user:pass@", { Authorization: "Bearer t" })).toBe("Bearer t");
  });
});
