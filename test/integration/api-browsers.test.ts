import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { sendRaw, statusIn } from "../support/raw-http.ts";
import { eventually } from "../support/service.ts";

const key = "configured-key";
const notice = (message: string, connectorId = "one") => ({ runId: "r", connectorId, message });

/** Reads a stream of events as a browser does. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const answer = await fetch(url, { headers, signal: stop.signal });
  let text = "";
  const read = async () => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part;
  };
  void read().catch(() => undefined);
  const events = () =>
    [...text.matchAll(/^id: (\S+)\nevent: (\S+)\ndata: (.*)$/gmu)].map(([, id = "", type, data = ""]) => ({
      id,
      type,
      data: JSON.parse(data),
    }));
  return { answer, text: () => text, events, stop: () => stop.abort() };
}

test("a stream of events says at once how to come back, and passes what proxies gather", async () => {
  const { url } = await startTestApi();
  const stream = await listen(`${url}/events`, { "x-api-key": key });
  await eventually(() => stream.text().includes("\nretry: 3000\n\n"));
  expect(stream.text().length).toBeGreaterThan(8 * 1024);
  expect(stream.answer.headers.get("x-accel-buffering")).toBe("no");
  expect(stream.answer.headers.get("cache-control")).toContain("no-transform");
});

test("a reader that comes back is told what it missed, over both ways, and nothing twice", async () => {
  const { url, app } = await startTestApi();
  const first = await listen(`${url}/events`, { "x-api-key": key });
  await eventually(() => first.text().includes("retry"));
  app.events.emit("run:notice", notice("a"));
  await eventually(() => first.events().length === 1);
  first.stop();
  for (const message of ["b", "c"]) app.events.emit("run:notice", notice(message));
  app.events.emit("run:notice", notice("of another", "two"));
  const lastId = first.events()[0]?.id ?? "";
  const again = await listen(`${url}/events?connector=one`, { "x-api-key": key, "last-event-id": lastId });
  app.events.emit("run:notice", notice("d"));
  await eventually(() => again.events().length === 3);
  expect(again.events().map(({ data }) => data.data.message)).toEqual(["b", "c", "d"]);
  const socket = new WebSocket(`${url.replace("http", "ws")}/events?lastEventId=${lastId}`, {
    headers: { "x-api-key": key },
  });
  onTestFinished(() => socket.terminate());
  const heard: string[] = [];
  socket.on("message", (data) => void heard.push(JSON.parse(String(data)).data.message));
  await eventually(() => heard.length === 4);
  expect(heard).toEqual(["b", "c", "of another", "d"]);
});

test("a reader that comes back too late, or from another life of the service, is told so", async () => {
  const { url, app } = await startTestApi();
  app.events.emit("run:notice", notice("first"));
  const early = await listen(`${url}/events`, { "x-api-key": key, "last-event-id": "0badcafe-1" });
  await eventually(() => early.events().length === 1);
  expect(early.events()[0]).toMatchObject({ type: "missed", data: { type: "missed", connectorId: null } });
  early.stop();
  const lastId = early.events()[0]?.id ?? "";
  for (let sent = 0; sent < 1200; sent++) app.events.emit("run:notice", notice(String(sent)));
  const late = await listen(`${url}/events`, { "x-api-key": key, "last-event-id": lastId });
  await eventually(() => late.events().length === 1);
  expect(late.events()[0]?.type).toBe("missed");
});

test("a ticket opens one stream, once and for a short time, with the rights of its key", async () => {
  const { url, keys, clock } = await startTestApi();
  const viewer = await keys.create("page", "viewer");
  const ticket = async () => {
    const { status, body } = await callApi(url, "POST", "/events/tickets", { key: viewer.key });
    expect([status, Date.parse(body.expiresAt) > clock.now()]).toEqual([201, true]);
    return `${url}/events?ticket=${body.ticket}`;
  };
  const once1 = await ticket();
  const stream = await listen(once1);
  expect(stream.answer.status).toBe(200);
  expect((await fetch(once1)).status).toBe(401);
  const socket = new WebSocket((await ticket()).replace("http", "ws"));
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const revoked = await ticket();
  await keys.revoke(viewer.stored.id);
  expect((await fetch(revoked)).status).toBe(401);
  expect((await callApi(url, "POST", "/events/tickets", { key: null })).status).toBe(401);
  const other = `${url}/connectors?ticket=${new URL(revoked).searchParams.get("ticket")}`;
  expect((await fetch(other)).status).toBe(401);
});

test("a WebSocket whose Upgrade lines a proxy dropped is answered with words", async () => {
  const { url } = await startTestApi();
  const lines = [
    "GET /events HTTP/1.0",
    "host: localhost",
    `x-api-key: ${key}`,
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  const answer = await sendRaw(url, [...lines, "sec-websocket-version: 13"]);
  expect(statusIn(answer)).toBe(426);
  expect(answer.toLowerCase()).toContain("\r\nupgrade: websocket\r\n");
  expect(answer).toContain("API_UPGRADE_REQUIRED");
});

test("empty bodies are fine whatever they are said to be", async () => {
  const { url } = await startTestApi();
  for (const type of [
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/xml",
    "nonsense/x",
  ]) {
    const headers = { "content-type": type };
    const { status } = await callApi(url, "POST", "/connectors/one/reset", { key, headers });
    expect([type, status]).toEqual([type, 200]);
    const plan = await callApi(url, "POST", "/connectors/one/plan", { key, headers });
    expect([type, plan.body.code]).not.toEqual([type, "API_REQUEST_INVALID"]);
    const gone = await callApi(url, "DELETE", "/connectors/two", { key, headers });
    expect([type, gone.body.code]).toEqual([type, "CONNECTOR_UNKNOWN"]);
  }
  const missing = await callApi(url, "POST", "/connectors", {
    key,
    headers: { "content-type": "application/json" },
  });
  expect([missing.status, missing.body.code]).toEqual([400, "API_REQUEST_INVALID"]);
});

test("the reference says which bodies may be empty", async () => {
  const { url } = await startTestApi();
  const { paths } = (await callApi(url, "GET", "/openapi.json")).body;
  expect(paths["/connectors/{id}/plan"].post.requestBody.required).toBe(false);
  expect(paths["/query"].post.requestBody.required).toBe(true);
});

test("a body in another charset, or with bytes that are none, is refused", async () => {
  const { url } = await startTestApi();
  const send = async (type: string, body: Buffer) => {
    const answer = await fetch(`${url}/connectors`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": type },
      body,
    });
    return answer.status;
  };
  const latin = Buffer.from('{"id":"a","context_id":"café"}', "latin1");
  expect(await send("application/json; charset=iso-8859-1", latin)).toBe(415);
  expect(await send("application/json", latin)).toBe(400);
  expect(await send('application/json; charset="UTF-8"', Buffer.from('{"id":"a","context_id":"café"}'))).toBe(
    201,
  );
});

test("a query parameter that nobody reads is refused with the nearest name, on every endpoint", async () => {
  const { url } = await startTestApi();
  const call = async (path: string, method = "GET") => {
    const { status, body } = await callApi(url, method, path, { key });
    return [status, body.problems?.[0]?.path, body.problems?.[0]?.hint];
  };
  expect(await call("/events?connector_id=one")).toEqual([
    400,
    "querystring.connector_id",
    'did you mean "connector"?',
  ]);
  expect(await call("/runs?limt=3")).toEqual([400, "querystring.limt", 'did you mean "limit"?']);
  expect(await call("/connectors/one/reset?dry_run=1", "POST")).toEqual([
    400,
    "querystring.dry_run",
    "it takes none",
  ]);
  expect(await call("/connectors/one?__proto__=1")).toEqual([400, "querystring.__proto__", "it takes none"]);
  expect((await call("/runs?limit=3"))[0]).toBe(200);
});

test("If-Match compares strongly, takes lists and a star", async () => {
  const { url } = await startTestApi();
  const body = { id: "two", context_id: "C" };
  const { headers } = await callApi(url, "POST", "/connectors", { key, body });
  expect(headers.get("etag")).toBe('"1"');
  const put = async (ifMatch: string) =>
    (await callApi(url, "PUT", "/connectors/two", { key, body, headers: { "if-match": ifMatch } })).status;
  for (const fits of ['"1"', ' "1" ', '"7", "1"', '"7","1", W/"9"', "*", '"x, y", "1"']) {
    expect([fits, await put(fits)]).toEqual([fits, 200]);
  }
  for (const fails of ['W/"1"', '"7"', '"7", W/"1"', "1", "", '"01"', '"1', '"1.0"']) {
    expect([fails, await put(fails)]).toEqual([fails, 412]);
  }
});

test("the front page is for people, the same path is JSON for programs", async () => {
  const { url } = await startTestApi();
  const program = await callApi(url, "GET", "/", { key: null });
  expect([program.status, program.body.name, program.body.docs]).toEqual([200, "memory-connector", "docs/"]);
  const page = await callApi(url, "GET", "/", { key: null, headers: { accept: "text/html,*/*" } });
  expect(page.headers.get("content-type")).toContain("text/html");
  for (const [, link = ""] of String(page.body).matchAll(/href="([^"]+)"/gu)) {
    expect([link, (await fetch(new URL(link, `${url}/`))).status]).toEqual([link, 200]);
  }
});

test("below a path everything works, whether the proxy cuts it off or not", async () => {
  const { url } = await startTestApi(`api: { api_key: ${key}, base_path: /memories/ }`);
  for (const base of [`${url}/memories`, url]) {
    expect((await callApi(base, "GET", "/connectors", { key })).status).toBe(200);
    const id = base === url ? "cut" : "kept";
    const made = await callApi(base, "POST", "/connectors", { key, body: { id, context_id: "C" } });
    expect(made.headers.get("location")).toBe(`/memories/connectors/${id}`);
    const stream = await listen(`${base}/events`, { "x-api-key": key });
    expect(stream.answer.status).toBe(200);
    const docs = await fetch(`${base}/docs`, { redirect: "manual" });
    expect([docs.status, docs.headers.get("location")]).toEqual([302, "docs/"]);
    expect((await (await fetch(`${base}/docs/`)).text()).match(/(?:src|href)="(?!\.\/)/gu)).toBeNull();
    const { body } = await callApi(base, "GET", "/openapi.json", { key: null });
    expect(body.servers).toEqual([{ url: "/memories/api/v1" }]);
  }
  expect((await callApi(url, "GET", "/memories", { key: null })).body.name).toBe("memory-connector");
  expect((await callApi(url, "GET", "/memories/m1", { key })).body.code).toBe("MEMORY_UNKNOWN");
  expect((await callApi(url, "GET", "/memoriesx/connectors", { key })).status).toBe(404);
  const socket = new WebSocket(`${url.replace("http", "ws")}/memories/events`, {
    headers: { "x-api-key": key },
  });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
});

test("an encoded dot or slash in an id stays a part of the id", async () => {
  const { url } = await startTestApi(`api: { api_key: ${key}, base_path: /mc }`);
  const status = async (path: string) =>
    statusIn(await sendRaw(url, [`GET ${path} HTTP/1.1`, "host: localhost", `x-api-key: ${key}`]));
  for (const id of [
    "%2E%2E",
    "%2e%2e",
    "..",
    ".%2E",
    "%2E%2E%2Fruns",
    "..%2Fone",
    "one%2F..%2Fone",
    "%00",
    "one%2Fstatus",
  ]) {
    expect([id, await status(`/mc/connectors/${id}`)]).toEqual([id, 400]);
    expect([id, await status(`/mc/connectors/${id}/status`)]).toEqual([id, 400]);
  }
  for (const id of ["%2E%2E", "..%2F..%2Fruns", "..", "%2E"]) {
    expect([id, await status(`/connectors/one/memories/CTX/${id}`)]).toEqual([id, 404]);
  }
  expect(await status("/connectors/%2E%2E/runs")).toBe(404);
});

test("browsers are told to insist on TLS only under TLS, only when that is asked for, and never of other hosts", async () => {
  const https = { "x-forwarded-proto": "https" };
  const told = async (api: string, headers: Record<string, string>) => {
    const { url } = await startTestApi(api);
    return (await callApi(url, "GET", "/health", { key: null, headers })).headers.get(
      "strict-transport-security",
    );
  };
  expect(await told(`api: { api_key: ${key} }`, https)).toBeNull();
  expect(await told(`api: { api_key: ${key}, hsts: 30d }`, https)).toBeNull();
  expect(await told(`api: { api_key: ${key}, hsts: 30d, trust_proxy: 1 }`, {})).toBeNull();
  expect(await told(`api: { api_key: ${key}, hsts: 30d, trust_proxy: 1 }`, https)).toBe("max-age=2592000");
});

test("no answer tells a browser to load its parts over TLS", async () => {
  const { url } = await startTestApi();
  for (const path of ["/", "/docs/", "/docs/static/swagger-ui.css", "/health", "/openapi.json"]) {
    const { headers } = await fetch(url + path);
    expect([path, headers.get("content-security-policy") ?? ""]).not.toEqual([
      path,
      expect.stringContaining("upgrade"),
    ]);
    expect(headers.get("strict-transport-security")).toBeNull();
  }
});

test("below /api/v1 stands the same as without it, and answers lead back below it", async () => {
  const { url } = await startTestApi(`api: { api_key: ${key}, base_path: /memories }`);
  const headers = { "x-api-key": key, "content-type": "application/json" };
  for (const prefix of ["/memories/api/v1", "/api/v1", "/memories", ""]) {
    const call = (path: string, init: RequestInit = {}) => fetch(url + prefix + path, { ...init, headers });
    const id = `made${prefix.replaceAll("/", "-")}`;
    const made = await call("/connectors", {
      method: "POST",
      body: JSON.stringify({ id, context_id: "CTX", schedule: { type: "interval", interval_hours: 1 } }),
    });
    const below = prefix.endsWith("/api/v1") ? "/memories/api/v1" : "/memories";
    expect([made.status, made.headers.get("location")]).toEqual([201, `${below}/connectors/${id}`]);
    expect((await call(`/connectors/${id}/status`)).status).toBe(200);
    expect((await call("/health")).status).toBe(200);
    expect((await call("/nowhere")).status).toBe(404);
  }
  const twice = await fetch(`${url}/api/v1/api/v1/connectors`, { headers });
  expect(twice.status).toBe(404);
});
