import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { routes } from "../../../src/api/routes.ts";
import { callApi } from "../../support/api-client.ts";
import { serveFolder, startTestApi } from "../../support/api-server.ts";
import { askForSession, signIn } from "../../support/browser.ts";
import { eventually } from "../../support/service.ts";

const key = "configured-key";
const path = "/api/v1/session";

test("a key becomes a cookie that scripts cannot read and other sites cannot send, and speaks for the key", async () => {
  const { url, keys } = await startTestApi();
  const { key: viewer } = await keys.create("wall", "viewer");
  const { status, body, headers } = await askForSession(url, { key: viewer });
  expect([status, body]).toEqual([
    200,
    {
      role: "viewer",
      keyId: expect.any(String),
      name: "wall",
      expiresAt: expect.stringMatching(/Z$/u),
      csrf: expect.any(String),
    },
  ]);
  const [pair = "", ...fields] = (headers.get("set-cookie") ?? "").split("; ");
  expect(fields).toEqual(["Path=/", "Max-Age=604800", "HttpOnly", "SameSite=Strict"]);
  const cookie = { cookie: `other=1; ${pair}; more=2` };
  const again = await callApi(url, "GET", path, { key: null, headers: cookie });
  expect([again.status, again.body]).toEqual([200, body]);
  expect((await callApi(url, "GET", "/api/v1/runs", { key: null, headers: cookie })).status).toBe(200);
  const reset = await (await signIn(url, { key: viewer })).call("POST", "/api/v1/connectors/one/reset");
  expect([reset.status, reset.body.code]).toEqual([403, "API_ROLE_REFUSED"]);
});

test("whoever is not signed in is told so, and a program learns who its key is", async () => {
  const { url } = await startTestApi();
  expect((await callApi(url, "GET", path, { key: null })).status).toBe(401);
  expect((await callApi(url, "GET", path, { key: "wrong" })).status).toBe(401);
  const { body } = await callApi(url, "GET", path, { key });
  expect(body).toEqual({ role: "admin", keyId: "api.api_key", name: null, expiresAt: null, csrf: null });
  expect((await callApi(url, "DELETE", path, { key })).body).toEqual({ signedOut: false });
});

test.each([
  ["over plain HTTP", {}, false],
  ["behind a trusted proxy with TLS", { "x-forwarded-proto": "https" }, true],
])("the cookie is for TLS alone where there is TLS: %s", async (_, forwarded, isSecure) => {
  const { url } = await startTestApi(`api: { api_key: ${key}, trust_proxy: ["127.0.0.1"] }`);
  const { headers } = await askForSession(url, { key }, forwarded);
  expect(headers.get("set-cookie")?.includes("; Secure")).toBe(isSecure);
});

test("whoever is no trusted proxy cannot say that there is TLS, and each base path has a cookie of its own", async () => {
  const { url } = await startTestApi(`api: { api_key: ${key}, base_path: /a/b }`);
  const { headers } = await askForSession(`${url}/a/b`, { key }, { "x-forwarded-proto": "https" });
  expect(headers.get("set-cookie")).toMatch(
    /^mc_session_[\da-f]{8}\+a\+b=mcs_[\w-]{43}; Path=\/a\/b; (?!.*Secure)/u,
  );
});

test("no change passes by the cookie alone, whatever the route", async () => {
  const { url, app } = await startTestApi();
  const browser = await signIn(url, { key });
  const before = await app.audit.list({ limit: 100 });
  const changing = routes.filter(({ method, access }) => method !== "GET" && access !== "open");
  expect(changing.length).toBeGreaterThan(15);
  for (const route of changing) {
    const address = `/api/v1${route.path.replaceAll(/\{\w+\}/gu, "one")}`;
    for (const token of [undefined, "", browser.cookie, `${browser.csrf}x`]) {
      const { status, body } = await callApi(url, route.method, address, {
        key: null,
        body: route.method === "DELETE" ? undefined : {},
        headers: { cookie: browser.cookie, ...(token !== undefined && { "x-csrf-token": token }) },
      });
      expect([route.method, route.path, token, status, body.code]).toEqual([
        ...[route.method, route.path, token],
        ...[403, "API_CSRF_REFUSED"],
      ]);
    }
  }
  expect(await app.audit.list({ limit: 100 })).toEqual(before);
  expect((await browser.call("POST", "/api/v1/connectors/one/reset")).status).toBe(200);
});

test("the token of one session is of no use to another", async () => {
  const { url } = await startTestApi();
  const [one, other] = [await signIn(url, { key }), await signIn(url, { key })];
  const mixed = await one.call("POST", "/api/v1/connectors/one/pause", {
    headers: { "x-csrf-token": other.csrf },
  });
  expect([mixed.status, mixed.body.code]).toEqual([403, "API_CSRF_REFUSED"]);
});

test("a page of another origin has no use of the cookie, not even one that may call with a key", async () => {
  const listed = "http://localhost:3000";
  const { url } = await startTestApi(
    `api: { api_key: ${key}, cors: { enabled: true, origins: ["${listed}"] } }`,
  );
  const browser = await signIn(url, { key });
  for (const headers of [
    { origin: listed },
    { origin: listed, "sec-fetch-site": "same-site" },
    { origin: listed, "sec-fetch-site": "cross-site" },
  ]) {
    const plain = await browser.call("GET", "/api/v1/runs", { headers });
    expect([headers, plain.status, plain.body.code]).toEqual([headers, 401, "API_KEY_REFUSED"]);
    expect((await browser.call("GET", "/api/v1/runs", { headers, key })).status).toBe(200);
    const signing = await askForSession(url, { key }, headers);
    expect([signing.status, signing.body.code, signing.headers.get("set-cookie")]).toEqual([
      ...[403, "API_ORIGIN_REFUSED", null],
    ]);
  }
});

test("a session ends when its browser signs out, for every copy of its cookie", async () => {
  const { url, app } = await startTestApi();
  const browser = await signIn(url, { key });
  const { status, body, headers } = await browser.call("DELETE", path);
  expect([status, body, headers.get("set-cookie")]).toEqual([
    200,
    { signedOut: true },
    `${browser.cookie.split("=")[0]}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`,
  ]);
  const again = await browser.call("GET", path);
  expect([again.status, again.body.title]).toEqual([
    401,
    "this browser is not signed in any more: its session has ended",
  ]);
  expect(await app.state.sessions.list()).toEqual([]);
});

test("signing in anew ends the session that the browser had", async () => {
  const { url, app } = await startTestApi();
  const first = await signIn(url, { key });
  await signIn(url, { key }, { cookie: first.cookie });
  expect((await first.call("GET", path)).status).toBe(401);
  expect(await app.state.sessions.list()).toHaveLength(1);
});

test("a session ends with its key: revoked, replaced, out of date, or of another role", async () => {
  const { url, keys, app, clock } = await startTestApi();
  const made = await Promise.all(["a", "b", "c", "d"].map((name) => keys.create(name, "admin")));
  const [revoked, rotated, kept, changed] = await Promise.all(
    made.map((each) => signIn(url, { key: each.key })),
  );
  const statuses = async () =>
    Promise.all(
      [revoked, rotated, kept, changed].map(async (each) => (await each?.call("GET", path))?.status),
    );
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  const [a, b, , d] = made.map(({ stored }) => stored);
  await keys.revoke(a!.id);
  await keys.rotate(b!.id, 60_000);
  await app.state.apiKeys.save([{ ...d!, role: "viewer" }]);
  expect(await statuses()).toEqual([401, 200, 200, 401]);
  await clock.advance(60_000);
  expect(await statuses()).toEqual([401, 401, 200, 401]);
  for (const each of [revoked, rotated, changed])
    expect((await each?.call("GET", path))?.body.title).toBe(
      "this browser is not signed in any more: the key that its session stood for is no longer in force",
    );
});

test("a session ends when nobody uses it for too long, and at last however much it is used", async () => {
  const { url, clock } = await startTestApi(
    `api: { api_key: ${key}, sessions: { idle_timeout: 1h, lifetime: 3h } }`,
  );
  const [used, idle] = [await signIn(url, { key }), await signIn(url, { key })];
  for (let minutes = 0; minutes < 175; minutes += 35) {
    await clock.advance(35 * 60_000);
    expect((await used.call("GET", "/api/v1/runs")).status).toBe(200);
  }
  const titleFor = async (browser: typeof used) => {
    const { status, body } = await browser.call("GET", path);
    return [status, body.title];
  };
  expect(await titleFor(idle)).toEqual([
    401,
    "this browser is not signed in any more: it has asked for nothing for too long",
  ]);
  await clock.advance(5 * 60_000);
  expect(await titleFor(used)).toEqual([
    401,
    "this browser is not signed in any more: its session has lasted as long as one may",
  ]);
});

test("services on two ports of one host leave each other's browsers signed in, and no old cookie confuses them", async () => {
  const services = [await startTestApi(), await startTestApi()];
  // As a browser keeps them: by host and name, and not by port.
  const jar = new Map([["mc_session", "mcs_of-an-earlier-version"]]);
  const sent = () => ({ cookie: [...jar].map((pair) => pair.join("=")).join("; ") });
  for (const { url } of services) {
    const [name = "", token = ""] = (await signIn(url, { key }, sent())).cookie.split("=");
    jar.set(name, token);
  }
  const whoIs = ({ url }: { url: string }) => callApi(url, "GET", path, { key: null, headers: sent() });
  const [first, second] = await Promise.all(services.map(whoIs));
  expect([first?.status, second?.status, jar.size]).toEqual([200, 200, 3]);
  const url = services[0]?.url ?? "";
  const out = { ...sent(), "x-csrf-token": first?.body.csrf };
  expect((await callApi(url, "DELETE", path, { key: null, headers: out })).body).toEqual({ signedOut: true });
  expect((await Promise.all(services.map(whoIs))).map(({ status }) => status)).toEqual([401, 200]);
});

test("every process on one state knows a session, and its end", async () => {
  const { app, url, clock } = await startTestApi(`state: { backend: sqlite }\napi: { api_key: ${key} }`);
  const replica = await serveFolder(join(app.config.state.path, ".."), { clock, schedules: false });
  onTestFinished(async () => {
    await replica.server.close();
    await replica.service.close();
    await replica.app.close();
  });
  const browser = await signIn(url, { key });
  const cookie = { cookie: browser.cookie, "x-csrf-token": browser.csrf };
  const there = (method: string) => callApi(replica.server.url, method, path, { key: null, headers: cookie });
  expect((await there("GET")).body).toMatchObject({ role: "admin", csrf: browser.csrf });
  expect((await there("DELETE")).body).toEqual({ signedOut: true });
  expect((await browser.call("GET", path)).status).toBe(401);
});

test("wrong keys and wrong links at the sign-in count as wrong keys everywhere", async () => {
  const { url } = await startTestApi();
  for (let tries = 0; tries < 5; tries++) {
    expect((await askForSession(url, { key: "wrong" })).status).toBe(401);
    expect((await askForSession(url, { link: "wrong" })).status).toBe(401);
  }
  for (const proof of [{ key: "wrong" }, { link: "wrong" }])
    expect((await askForSession(url, proof)).body.code).toBe("API_TOO_MANY_REQUESTS");
  const slowed = await askForSession(url, { key: "wrong" });
  expect([slowed.status, Number(slowed.headers.get("retry-after"))]).toEqual([429, 60]);
  expect((await callApi(url, "GET", "/api/v1/runs", { key: "wrong" })).status).toBe(429);
  expect((await askForSession(url, { key })).status).toBe(200);
});

test("a cookie that has ended is no wrong key: its page may ask on", async () => {
  const { url } = await startTestApi();
  const browser = await signIn(url, { key });
  await browser.call("DELETE", path);
  for (let tries = 0; tries < 15; tries++) expect((await browser.call("GET", path)).status).toBe(401);
});

test.each([{}, { key: "" }, { key, link: "x" }, { key: 7 }, { key, more: 1 }])(
  "what is neither a key nor a link is refused by its shape: %j",
  async (proof) => {
    const { url } = await startTestApi();
    const { status, body } = await askForSession(url, proof);
    expect([status, body.code]).toEqual([400, "API_REQUEST_INVALID"]);
  },
);

test("the events come by the cookie, by its ticket, and end with the session", async () => {
  const { url } = await startTestApi();
  const browser = await signIn(url, { key });
  const { ticket } = (await browser.call("POST", "/api/v1/events/tickets")).body;
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const open = async (address: string, headers: Record<string, string>) => {
    const answer = await fetch(url + address, { headers, signal: stop.signal });
    const { ended } = { ended: answer.text() };
    return { status: answer.status, ended };
  };
  const streams = [
    await open("/api/v1/events", { cookie: browser.cookie }),
    await open(`/api/v1/events?ticket=${ticket}`, {}),
  ];
  expect(streams.map(({ status }) => status)).toEqual([200, 200]);
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/events`, {
    headers: { cookie: browser.cookie, origin: url },
  });
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once("open", resolve));
  await browser.call("DELETE", path);
  for (const { ended } of streams) expect(await ended).toContain("not in force any more");
  await eventually(() => socket.readyState === WebSocket.CLOSED);
});

test("signing in and out is in the audit log, and no secret is there or in the state", async () => {
  const { url, keys, app } = await startTestApi();
  const { key: made, stored } = await keys.create("ops", "admin");
  const browser = await signIn(url, { key: made });
  const [session] = await app.state.sessions.list();
  const kept = JSON.stringify(session);
  for (const secret of [browser.cookie.split("=")[1] ?? "", browser.csrf, made, stored.hash]) {
    expect(kept).not.toContain(secret);
  }
  await browser.call("DELETE", path);
  const { entries } = await app.audit.list({ limit: 5, action: "session" });
  expect(entries.map(({ action, actor, subject }) => [action, actor.name, subject])).toEqual([
    ["session.close", "ops", stored.id],
    ["session.open", "ops", stored.id],
  ]);
  expect(JSON.stringify(entries)).not.toContain(made);
});

test("where no key is asked for, everybody is an admin without a cookie", async () => {
  const { url } = await startTestApi("api: { enable_auth: false }");
  const anybody = { role: "admin", keyId: null, name: null, expiresAt: null, csrf: null };
  expect((await callApi(url, "GET", path, { key: null })).body).toEqual(anybody);
  const asked = await askForSession(url, { key: "any" });
  expect([asked.body, asked.headers.get("set-cookie")]).toEqual([anybody, null]);
  expect((await callApi(url, "DELETE", path, { key: null })).body).toEqual({ signedOut: false });
});
