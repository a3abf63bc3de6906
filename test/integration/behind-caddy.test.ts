import { once } from "node:events";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { WebSocket } from "ws";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { documentedSite, startCaddy } from "../support/caddy.ts";
import { debianProgram } from "../support/debian-program.ts";
import { sendRaw, statusIn } from "../support/raw-http.ts";

const key = "configured-key";
const settings = `api: { api_key: ${key}, base_path: /memories, trust_proxy: ["127.0.0.1"], allowed_hosts: [memories.example.org] }`;

async function behindDocumented({ skip }: TestContext) {
  const program = debianProgram("caddy", "caddy");
  if (program === null) skip("Caddy cannot be had here: apt-get install caddy");
  const api = await startTestApi(settings);
  const front = await startCaddy(String(program), (port) => documentedSite(api.url, port));
  return { ...api, base: `${front}/memories` };
}

test("with the documented settings everything works below a path", async (context) => {
  const { base } = await behindDocumented(context);
  expect((await callApi(base, "GET", "/connectors", { key })).status).toBe(200);
  const made = await callApi(base, "POST", "/connectors", { key, body: { id: "two", context_id: "C" } });
  expect(made.headers.get("location")).toBe("/memories/connectors/two");
  for (const [typed, led] of [
    ["", "/"],
    ["/docs", "/docs/"],
  ]) {
    const page = await fetch(`${base}${typed}`, { headers: { accept: "text/html" } });
    expect([page.url, page.status]).toEqual([`${base}${led}`, 200]);
  }
  const host = ["host: memories.example.org", "origin: http://memories.example.org", `x-api-key: ${key}`];
  expect(statusIn(await sendRaw(base, ["GET /memories/runs HTTP/1.1", ...host]))).toBe(200);
});

test("with the documented settings events arrive at once, and WebSockets pass", async (context) => {
  const { base } = await behindDocumented(context);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const headers = { "x-api-key": key };
  const { body } = await fetch(`${base}/events`, { headers, signal: stop.signal });
  const { value } = await body!.getReader().read();
  expect(Buffer.from(value ?? []).toString()).toMatch(/^:/u);
  const socket = new WebSocket(`${base.replace("http", "ws")}/events`, { headers });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
});

test("with the documented settings an encoded id stays one", async (context) => {
  const { base } = await behindDocumented(context);
  for (const path of ["/connectors/%2E%2E/", "/connectors/%2E%2E%2Fruns", "/connectors/..%2F..%2Fruns"]) {
    const lines = [`GET /memories${path} HTTP/1.1`, "host: memories.example.org", `x-api-key: ${key}`];
    // 400 is ours, 404 Caddy's own: it looks for another site.
    expect([400, 404]).toContain(statusIn(await sendRaw(base, lines)));
  }
});

test("with the documented settings nobody takes another's address, and ten wrong keys slow their sender alone", async (context) => {
  const { base, app, url } = await behindDocumented(context);
  for (let tries = 0; tries < 10; tries++) {
    // What a caller says of itself is not passed on by Caddy.
    const headers = { "x-forwarded-for": `198.51.100.${tries}` };
    expect((await callApi(base, "GET", "/runs", { key: "wrong", headers })).status).toBe(401);
  }
  expect((await callApi(base, "GET", "/runs", { key: "wrong" })).status).toBe(429);
  expect((await callApi(base, "GET", "/runs", { key })).status).toBe(200);
  const other = { key: "wrong", headers: { "x-forwarded-for": "198.51.100.7" } };
  expect((await callApi(url, "GET", "/runs", other)).status).toBe(401);
  await callApi(base, "POST", "/connectors/one/reset", {
    key,
    headers: { "x-forwarded-for": "203.0.113.1" },
  });
  expect((await app.audit.list({ limit: 1 })).entries[0]?.from.address).toBe("127.0.0.1");
});
