import { once } from "node:events";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { WebSocket } from "ws";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { signIn } from "../support/browser.ts";
import { debianProgram } from "../support/debian-program.ts";
import { plainServer, shippedServer, startNginx } from "../support/nginx.ts";
import { sendRaw, statusIn } from "../support/raw-http.ts";

const key = "configured-key";
const settings = `api: { api_key: ${key}, base_path: /memories, trust_proxy: ["127.0.0.1"], allowed_hosts: [memories.example.org] }`;

function nginxOrSkip({ skip }: TestContext): string {
  const program = debianProgram("nginx", "nginx-light");
  if (program === null) skip("nginx cannot be had here: apt-get install nginx-light");
  return String(program);
}

async function behindShipped(context: TestContext) {
  const program = nginxOrSkip(context);
  const api = await startTestApi(settings);
  const front = await startNginx(program, (port) => shippedServer(api.url, port));
  return { ...api, base: `${front}/memories` };
}

async function behindPlain(context: TestContext) {
  const program = nginxOrSkip(context);
  const api = await startTestApi();
  return { ...api, base: await startNginx(program, (port) => plainServer(api.url, port)) };
}

async function firstBytes(url: string): Promise<string> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const { body } = await fetch(url, { headers: { "x-api-key": key }, signal: stop.signal });
  const { value } = await body!.getReader().read();
  return Buffer.from(value ?? []).toString();
}

test("with the shipped settings everything works below a path", async (context) => {
  const { base } = await behindShipped(context);
  expect((await callApi(base, "GET", "/connectors", { key })).status).toBe(200);
  const made = await callApi(base, "POST", "/connectors", { key, body: { id: "two", context_id: "C" } });
  expect(made.headers.get("location")).toBe("/memories/connectors/two");
  const named = new URL(made.headers.get("location") ?? "", base);
  expect((await fetch(named, { headers: { "x-api-key": key } })).status).toBe(200);
  const docs = await fetch(`${base}/docs`);
  expect([docs.url, docs.status]).toEqual([`${base}/docs/`, 200]);
  const front = await fetch(base, { headers: { accept: "text/html" } });
  expect([front.url, await front.text()]).toEqual([`${base}/`, expect.stringContaining("memory-connector")]);
  expect((await fetch(`${base}/docs/static/swagger-ui-bundle.js`)).status).toBe(200);
  expect(await firstBytes(`${base}/events`)).toMatch(/^:/u);
  const socket = new WebSocket(`${base.replace("http", "ws")}/events`, { headers: { "x-api-key": key } });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const host = ["host: memories.example.org", "origin: https://memories.example.org"];
  expect(statusIn(await sendRaw(base, ["GET /memories/runs HTTP/1.1", ...host, `x-api-key: ${key}`]))).toBe(
    200,
  );
  const foreign = ["host: evil.example", `x-api-key: ${key}`];
  expect(statusIn(await sendRaw(base, ["GET /memories/runs HTTP/1.1", ...foreign]))).toBe(421);
});

test("with the shipped settings a browser signs in below a path, and its cookie stays below it", async (context) => {
  const { base } = await behindShipped(context);
  const browser = await signIn(base, { key });
  expect(browser.cookie).toMatch(/^mc_session_[\da-f]{8}\+memories=/u);
  expect((await browser.call("GET", "/api/v1/session")).body.role).toBe("admin");
  expect((await browser.call("POST", "/api/v1/connectors/one/reset")).status).toBe(200);
  const { cookie } = browser;
  const stream = await fetch(`${base}/api/v1/events`, {
    headers: { cookie },
    signal: AbortSignal.timeout(60_000),
  });
  expect(stream.status).toBe(200);
  await stream.body?.cancel();
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/events`, {
    headers: { cookie, origin: new URL(base).origin },
  });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const foreign = await browser.call("GET", "/api/v1/session", {
    headers: { origin: "https://evil.example" },
  });
  expect(foreign.status).toBe(403);
});

test("with the shipped settings an encoded id stays one", async (context) => {
  const { base } = await behindShipped(context);
  for (const path of ["/connectors/%2E%2E/", "/connectors/%2E%2E%2Fruns", "/connectors/..%2F..%2Fruns"]) {
    const lines = [`GET /memories${path} HTTP/1.1`, "host: localhost", `x-api-key: ${key}`];
    // 400 is ours, 404 nginx's own: it looks for another location.
    expect([400, 404]).toContain(statusIn(await sendRaw(base, lines)));
  }
});

test("ten wrong keys behind the shipped settings slow their sender alone, and the audit log names callers", async (context) => {
  const { base, app, url } = await behindShipped(context);
  for (let tries = 0; tries < 10; tries++) {
    expect((await callApi(base, "GET", "/runs", { key: "wrong" })).status).toBe(401);
  }
  expect((await callApi(base, "GET", "/runs", { key: "wrong" })).status).toBe(429);
  expect((await callApi(base, "GET", "/runs", { key })).status).toBe(200);
  // Behind the same proxy, for somebody else.
  const other = { key: "wrong", headers: { "x-forwarded-for": "198.51.100.7" } };
  expect((await callApi(url, "GET", "/runs", other)).status).toBe(401);
  await callApi(base, "POST", "/connectors/one/reset", {
    key,
    headers: { "x-forwarded-for": "203.0.113.1" },
  });
  expect((await app.audit.list({ limit: 1 })).entries[0]?.from.address).toBe("203.0.113.1");
});

test("behind an nginx that nobody has adapted events arrive at once, and a WebSocket is answered", async (context) => {
  const { base } = await behindPlain(context);
  expect(await firstBytes(`${base}/events`)).toMatch(/^:/u);
  const socket = new WebSocket(`${base.replace("http", "ws")}/events`, { headers: { "x-api-key": key } });
  onTestFinished(() => socket.terminate());
  const [error] = (await once(socket, "error").catch((thrown) => [thrown])) as [Error];
  expect(error.message).toContain("426");
});

test("a body over the limit is 413 behind nginx, every time", async (context) => {
  const { base } = await behindPlain(context);
  const body = { id: "x", context_id: "C", description: "x".repeat(700_000) };
  for (let sent = 0; sent < 25; sent++) {
    expect((await callApi(base, "POST", "/connectors", { key, body })).status).toBe(413);
  }
});
