import { expect, test } from "vitest";
import type { Route } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";

type Visitor = "nobody" | "wrong key" | "viewer" | "admin" | "revoked" | "in grace" | "configured key";

/** What a visitor meets at a route: let in, 401 or 403. */
function expected(access: Route["access"], visitor: Visitor): "in" | 401 | 403 {
  if (access === "open") return "in";
  if (visitor === "nobody" || visitor === "wrong key" || visitor === "revoked") return 401;
  return visitor === "viewer" && access === "admin" ? 403 : "in";
}

test("every route lets in whom it should, and nobody else", async () => {
  const { url, keys, configuredKey, clock } = await startTestApi();
  const made = {
    viewer: await keys.create("viewer", "viewer"),
    admin: await keys.create("admin", "admin"),
    revoked: await keys.create("revoked", "admin"),
    "in grace": await keys.create("in grace", "admin"),
  };
  await keys.revoke(made.revoked.stored.id);
  await keys.rotate(made["in grace"].stored.id, 3_600_000);
  const visitors: [Visitor, string | null][] = [
    ["nobody", null],
    ["wrong key", "wrong"],
    ["configured key", configuredKey],
    ...Object.entries(made).map(([name, { key }]): [Visitor, string] => [name as Visitor, key]),
  ];
  for (const { method, path, access } of routes) {
    for (const [visitor, key] of visitors) {
      const { status } = await callApi(url, method, path.replaceAll(/\{\w+\}/gu, "none"), { key });
      const met = status === 401 || status === 403 ? status : "in";
      expect([method, path, visitor, met]).toEqual([method, path, visitor, expected(access, visitor)]);
    }
    await clock.advance(61_000);
  }
});

test("a key is taken as X-API-Key and as a bearer token, and ends with its grace", async () => {
  const { url, keys, clock } = await startTestApi();
  const old = await keys.create("old", "viewer");
  const renewed = await keys.rotate(old.stored.id, 60_000);
  const bearer = { key: null, headers: { authorization: `Bearer ${old.key}` } };
  expect((await callApi(url, "GET", "/runs", bearer)).status).toBe(200);
  await clock.advance(60_000);
  expect((await callApi(url, "GET", "/runs", bearer)).status).toBe(401);
  expect((await callApi(url, "GET", "/runs", { key: renewed.key })).status).toBe(200);
});

test("an address that tries many wrong keys has to wait, whatever it sends then", async () => {
  const { url, configuredKey, clock } = await startTestApi();
  for (let tries = 0; tries < 10; tries++) {
    expect((await callApi(url, "GET", "/runs", { key: `wrong${tries}` })).status).toBe(401);
  }
  const refused = await callApi(url, "GET", "/runs", { key: configuredKey });
  expect([refused.status, refused.body.code]).toEqual([429, "API_TOO_MANY_REQUESTS"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  await clock.advance(61_000);
  expect((await callApi(url, "GET", "/runs", { key: configuredKey })).status).toBe(200);
});

test("without authentication everybody is let in", async () => {
  const { url } = await startTestApi("api: { enable_auth: false }");
  expect((await callApi(url, "GET", "/runs", { key: null })).status).toBe(200);
});

test("only the hash of a key is kept", async () => {
  const { keys, app } = await startTestApi();
  const { key } = await keys.create("mine", "viewer");
  expect(JSON.stringify(await app.state.apiKeys.list())).not.toContain(key);
});

test("health says its details only to those who show a key", async () => {
  const { url, configuredKey } = await startTestApi();
  const open = await callApi(url, "GET", "/health", { key: null });
  expect([open.status, open.body.status, open.body.details]).toEqual([200, "ok", undefined]);
  const known = await callApi(url, "GET", "/health", { key: configuredKey });
  expect(known.body.details.parts.state_store.status).toBe("ok");
});

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

test("the reference is served whole, with nothing that comes from elsewhere", async () => {
  const { url } = await startTestApi();
  const page = await callApi(url, "GET", "/docs/", { key: null });
  expect(page.status).toBe(200);
  const sources = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, source]) => source);
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) {
    expect(source).not.toMatch(/^(https?:)?\/\//u);
    const answer = await fetch(new URL(source ?? "", `${url}/docs/`));
    expect([source, answer.status]).toEqual([source, 200]);
    await answer.arrayBuffer();
  }
  const { body } = await callApi(url, "GET", "/openapi.json", { key: null });
  const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = ["GET /events", ...routes.map(({ method, path }) => `${method} ${path}`)];
  expect(documented.toSorted()).toEqual(served.toSorted());
});

test("health is offered under the configured path, and not at all when it is switched off", async () => {
  const at = (settings: string) => startTestApi(`monitoring: { health_check: ${settings} }`);
  const moved = await at("{ endpoint: /healthz }");
  expect((await callApi(moved.url, "GET", "/healthz", { key: null })).status).toBe(200);
  const off = await at("{ enabled: false }");
  expect((await callApi(off.url, "GET", "/health", { key: null })).status).toBe(404);
});
