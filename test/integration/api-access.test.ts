import { expect, test } from "vitest";
import { eventsRoute } from "../../src/api/live/add-events.ts";
import type { RouteDescription } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import type { Access } from "../../src/operations/operation.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { whileTimePasses } from "../support/stepped-clock.ts";

type Visitor =
  | "nobody"
  | "wrong key"
  | "viewer"
  | "admin"
  | "revoked"
  | "viewer in grace"
  | "admin in grace"
  | "configured key";

/** Every endpoint there is: a route that is added stands in one of these. */
const endpoints: readonly RouteDescription[] = [...routes, eventsRoute];

/** What a visitor meets at an endpoint: let in, 401 or 403. */
function expected(access: Access, visitor: Visitor): "in" | 401 | 403 {
  if (access === "open") return "in";
  if (visitor === "nobody" || visitor === "wrong key" || visitor === "revoked") return 401;
  return visitor.startsWith("viewer") && access === "admin" ? 403 : "in";
}

/** Does not wait for the body: that of a stream has no end. Time passes meanwhile, for a request may wait for another process. */
async function statusOf(
  { url, clock }: Pick<Awaited<ReturnType<typeof startTestApi>>, "url" | "clock">,
  { method, path }: RouteDescription,
  key: string | null,
) {
  const stop = new AbortController();
  const asked = fetch(url + path.replaceAll(/\{\w+\}/gu, "none"), {
    method,
    headers: key === null ? {} : { "x-api-key": key },
    signal: stop.signal,
  });
  const answer = await whileTimePasses(clock, asked);
  stop.abort();
  return answer.status;
}

test("every endpoint lets in whom it should, and nobody else", async () => {
  const api = await startTestApi();
  const { keys, configuredKey, clock } = api;
  const made = {
    viewer: await keys.create("viewer", "viewer"),
    admin: await keys.create("admin", "admin"),
    revoked: await keys.create("revoked", "admin"),
    "viewer in grace": await keys.create("viewer in grace", "viewer"),
    "admin in grace": await keys.create("admin in grace", "admin"),
  };
  await keys.revoke(made.revoked.stored.id);
  for (const name of ["viewer in grace", "admin in grace"] as const) {
    await keys.rotate(made[name].stored.id, 24 * 3_600_000);
  }
  const visitors: [Visitor, string | null][] = [
    ["nobody", null],
    ["wrong key", "wrong"],
    ["configured key", configuredKey],
    ...Object.entries(made).map(([name, { key }]): [Visitor, string] => [name as Visitor, key]),
  ];
  for (const endpoint of endpoints) {
    for (const [visitor, key] of visitors) {
      const status = await statusOf(api, endpoint, key);
      const met = [401, 403, 429].includes(status) ? status : "in";
      const subject = `${endpoint.method} ${endpoint.path} by ${visitor}`;
      expect([subject, met]).toEqual([subject, expected(endpoint.access, visitor)]);
    }
    await clock.advance(61_000);
  }
});

test("without a key nothing is open but health, signing in, the reference and what is no endpoint", async () => {
  const { url } = await startTestApi();
  const open = endpoints.filter(({ access }) => access === "open").map(({ path }) => path);
  expect(open).toEqual(["/health", "/health/live", "/health/ready", "/session"]);
  for (const { path, access } of routes.filter(({ method }) => method === "GET")) {
    const { status } = await callApi(url, "HEAD", path.replaceAll(/\{\w+\}/gu, "none"), { key: null });
    expect([path, status]).toEqual([path, access === "open" ? 200 : 401]);
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
