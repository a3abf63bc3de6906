import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";

test("every error is a problem with a code, a hint and the id of its request", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const json = { "content-type": "application/json" };
  const cases: [string, string, RequestInit, number, string][] = [
    ["GET", "/nowhere", {}, 404, "API_PATH_UNKNOWN"],
    ["PATCH", "/connectors/one", {}, 405, "API_METHOD_UNKNOWN"],
    ["GET", "/connectors/none", {}, 404, "CONNECTOR_UNKNOWN"],
    ["GET", "/runs?limit=0", {}, 400, "API_REQUEST_INVALID"],
    ["GET", "/runs?after=nonsense", {}, 400, "STATE_CURSOR_INVALID"],
    ["GET", "/runs/%ff", {}, 400, "API_REQUEST_INVALID"],
    ["POST", "/connectors", { body: "{", headers: json }, 400, "API_REQUEST_INVALID"],
    ["POST", "/connectors", { body: "a=1", headers: { "content-type": "text/csv" } }, 415, "API_MEDIA_TYPE"],
    [
      "POST",
      "/connectors",
      { body: JSON.stringify({ x: "x".repeat(300_000) }), headers: json },
      413,
      "API_BODY_TOO_LARGE",
    ],
    ["POST", "/connectors", { body: JSON.stringify({ id: "x" }), headers: json }, 422, "CONFIG_INVALID"],
    ["DELETE", "/connectors/one", {}, 409, "CONNECTOR_READ_ONLY"],
  ];
  for (const [method, path, init, status, code] of cases) {
    const headers = { ...init.headers, "x-api-key": key, "x-request-id": "my-id" };
    const answer = await fetch(url + path, { ...init, method, headers });
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([
      path,
      status,
      "application/problem+json",
    ]);
    expect(await answer.json()).toMatchObject({ status, code, hint: expect.any(String), requestId: "my-id" });
  }
});

test("a body where none is taken is refused, because it means something; an empty one is fine, whatever it is said to be", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const routes = [
    ["POST", "/connectors/one/pause"],
    ["POST", "/connectors/one/trigger"],
    ["POST", "/connectors/one/check"],
    ["POST", "/events/tickets"],
    ["DELETE", "/connectors/one"],
  ] as const;
  for (const [method, path] of routes) {
    for (const body of ['{"force": true}', "[]", "null", "0", '""']) {
      const headers = { "content-type": "application/json", "x-api-key": key };
      const answer = await fetch(url + path, { method, body, headers });
      expect([path, body, answer.status]).toEqual([path, body, 400]);
      expect(await answer.json()).toMatchObject({ code: "API_REQUEST_INVALID" });
    }
  }
  for (const body of [undefined, "", "{}"]) {
    const headers = { "content-type": "application/json", "x-api-key": key };
    const init = { method: "POST", headers, ...(body !== undefined && { body }) };
    expect((await fetch(`${url}/events/tickets`, init)).ok).toBe(true);
  }
});

test("a body that names a member twice is refused, however the names are spelled and wherever they stand", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const bodies = [
    '{"id":"a","id":"b","context_id":"C"}',
    '{"id":"a","\\u0069d":"b","context_id":"C"}',
    '{"id":"a","context_id":"C","retry":{"max_attempts":1,"max_attempts":2}}',
    '{"id":"a","context_id":"C","memory_api":{"url":"http://a.example"},"memory_api":{"url":"http://b.example"}}',
    '{"id":"a","context_id":"C","__proto__":{},"__proto__":{}}',
  ];
  for (const body of bodies) {
    const headers = { "content-type": "application/json", "x-api-key": key };
    const answer = await fetch(`${url}/connectors`, { method: "POST", body, headers });
    expect([body, answer.status]).toEqual([body, 400]);
    expect(await answer.json()).toMatchObject({ code: "API_REQUEST_INVALID" });
  }
});

test("a body that is said to be packed is refused, whether it is or not", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const plain = '{"id":"packed","context_id":"C"}';
  const post = (body: string | Uint8Array<ArrayBuffer>, encoding: string) =>
    fetch(`${url}/connectors`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "x-api-key": key, "content-encoding": encoding },
    });
  for (const encoding of ["gzip", "br", "GZIP", "identity, gzip", "x-unknown"]) {
    for (const body of [plain, new Uint8Array(gzipSync(plain))]) {
      const answer = await post(body, encoding);
      expect([encoding, answer.status]).toEqual([encoding, 415]);
      expect(await answer.json()).toMatchObject({ code: "API_MEDIA_TYPE" });
    }
  }
  expect((await post("{", "identity")).status).toBe(400);
});

test("web pages of other origins are let in only when they are listed", async () => {
  const from = (origin: string) => ({ headers: { origin } });
  const closed = await startTestApi();
  const header = "access-control-allow-origin";
  expect(
    (await callApi(closed.url, "GET", "/runs", from("https://a.example"))).headers.get(header),
  ).toBeNull();
  const open = await startTestApi(
    'api: { api_key: k, cors: { enabled: true, origins: ["https://a.example"] } }',
  );
  const call = (origin: string) => callApi(open.url, "GET", "/runs", { key: "k", ...from(origin) });
  expect((await call("https://a.example")).headers.get(header)).toBe("https://a.example");
  expect((await call("https://b.example")).headers.get(header)).toBeNull();
});

test("every answer has an id, and headers that keep browsers and caches from misusing it", async () => {
  const { url } = await startTestApi();
  const given = await callApi(url, "GET", "/runs", { headers: { "x-request-id": "from-the-proxy.1" } });
  expect(given.headers.get("x-request-id")).toBe("from-the-proxy.1");
  const forged = await callApi(url, "GET", "/runs", { headers: { "x-request-id": "two words" } });
  expect(forged.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/u);
  expect(forged.body.requestId).toBe(forged.headers.get("x-request-id"));
  for (const path of ["/runs", "/health", "/nowhere", "/docs/"]) {
    const { headers } = await callApi(url, "GET", path);
    expect([path, headers.get("x-content-type-options"), headers.get("x-frame-options")]).toEqual([
      path,
      "nosniff",
      "SAMEORIGIN",
    ]);
    expect([path, headers.get("x-powered-by"), headers.get("server")]).toEqual([path, null, null]);
  }
  const { headers } = await callApi(url, "GET", "/connectors");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("what is larger than Node takes before the body is refused as a problem, too", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const answer = await callApi(url, "GET", `/runs?after=${"a".repeat(20_000)}`, { key });
  expect(answer.body).toMatchObject({ status: 431, code: "API_HEADERS_TOO_LARGE" });
});

test("an address that asks too often has to wait, when a limit is configured", async () => {
  const limited = "api: { api_key: k, rate_limit: { enabled: true, requests_per_minute: 3 } }";
  const { url } = await startTestApi(limited);
  const statuses = [];
  for (let count = 0; count < 4; count++) {
    const { status, body, headers } = await callApi(url, "GET", "/runs", { key: "k" });
    statuses.push(status);
    if (status === 429) {
      expect(body).toMatchObject({ code: "API_TOO_MANY_REQUESTS", requestId: expect.any(String) });
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
});

test("health is offered under the configured path, and not at all when it is switched off", async () => {
  const at = (settings: string) => startTestApi(`monitoring: { health_check: ${settings} }`);
  const moved = await at("{ endpoint: /healthz }");
  expect((await callApi(moved.url, "GET", "/healthz", { key: null })).status).toBe(200);
  const off = await at("{ enabled: false }");
  expect((await callApi(off.url, "GET", "/health", { key: null })).status).toBe(404);
});
