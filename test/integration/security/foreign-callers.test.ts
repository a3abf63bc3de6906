import { networkInterfaces } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { Metrics } from "../../../src/observe/metrics.ts";
import { startMetricsServer } from "../../../src/observe/metrics-server.ts";
import { callApi } from "../../support/api-client.ts";
import { startTestApi } from "../../support/api-server.ts";
import { sendRaw, statusIn } from "../../support/raw-http.ts";

const open = "api: { enable_auth: false }";
const ways: readonly [string, string | undefined][] = [
  ["with keys", undefined],
  ["without keys", open],
];
const key = "configured-key";

/** What a browser sends when a page of another site asks. */
const foreignPages: readonly Record<string, string>[] = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://localhost:3000" },
  { origin: "http://127.0.0.1.evil.example" },
  { origin: "http://127.0.0.1@evil.example" },
  { origin: "file://" },
  { origin: "" },
  { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty" },
  { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" },
  { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
];

/** How the API may be called by names that are not its own. */
const foreignHosts = [
  "evil.example",
  "evil.example:PORT",
  "localhost.evil.example",
  "127.0.0.1.evil.example:PORT",
  "127.0.0.1@evil.example",
  "evil.example@127.0.0.1:PORT",
  "user:pass@127.0.0.1",
  "[::2]:PORT",
  "192.0.2.77:PORT",
  "127.0.0.1:PORT:80",
  "127.0.0.1, evil.example",
  "local host",
  "",
];

const ownHosts = [
  "127.0.0.1:PORT",
  "127.0.0.1",
  "localhost:PORT",
  "LocalHost:PORT",
  "localhost.",
  "localhost.:1",
  "[::1]:PORT",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]:PORT",
];

const portOf = (url: string) => new URL(url).port;

test.each(ways)("a web page of another origin is refused whatever it sends, %s", async (_, api) => {
  const { url } = await startTestApi(api);
  for (const headers of foreignPages) {
    for (const [method, path] of [
      ["POST", "/connectors/one/reset"],
      ["DELETE", "/connectors/one"],
      ["OPTIONS", "/connectors"],
      ["GET", "/runs"],
      ["GET", "/events"],
      ["GET", "/metrics"],
      ["GET", "/nowhere"],
    ] as const) {
      const lines = [`${method} ${path} HTTP/1.1`, `host: 127.0.0.1:${portOf(url)}`, `x-api-key: ${key}`];
      const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const answer = await sendRaw(url, [...lines, ...sent]);
      expect([headers, method, path, statusIn(answer)]).toEqual([headers, method, path, 403]);
      expect(answer).toContain("API_ORIGIN_REFUSED");
    }
  }
});

test.each(ways)("a foreign host is refused, in the header and in the request line, %s", async (_, api) => {
  const { url } = await startTestApi(api);
  const path = "/runs";
  const statusFor = async (line: string, ...headers: string[]) =>
    statusIn(await sendRaw(url, [line, `x-api-key: ${key}`, ...headers]));
  const [own, ...others] = ownHosts.map((host) => host.replace("PORT", portOf(url)));
  for (const host of foreignHosts.map((each) => each.replace("PORT", portOf(url)))) {
    expect([host, await statusFor(`GET ${path} HTTP/1.1`, `host: ${host}`)]).toEqual([host, 421]);
    const twice = await statusFor(`GET ${path} HTTP/1.1`, `host: ${own}`, `host: ${host || "x"}`);
    expect([host, twice]).toEqual([host, 421]);
  }
  for (const host of [own, ...others]) {
    expect([host, await statusFor(`GET ${path} HTTP/1.1`, `host: ${host}`)]).toEqual([host, 200]);
  }
  expect(await statusFor(`GET http://evil.example${path} HTTP/1.1`, `host: ${own}`)).toBe(421);
  expect(await statusFor(`GET http://${own}@evil.example${path} HTTP/1.1`, `host: ${own}`)).toBe(421);
  expect(await statusFor(`GET http://${own}${path} HTTP/1.1`, "host: evil.example")).toBe(421);
  expect(await statusFor(`GET http://${own}${path} HTTP/1.1`, `host: ${own}`)).toBe(200);
  expect(await statusFor(`GET ${path} HTTP/1.0`)).toBe(200);
});

test("a WebSocket of a foreign page or for a foreign host is not opened", async () => {
  const { url, configuredKey } = await startTestApi();
  const statusWith = async (headers: Record<string, string>) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/events`, {
      headers: { "x-api-key": configuredKey, ...headers },
    });
    onTestFinished(() => socket.terminate());
    return new Promise((resolve) => {
      socket.once("open", () => resolve(101));
      socket.once("error", ({ message }) => resolve(Number(/\d{3}/u.exec(message)?.[0])));
    });
  };
  expect(await statusWith({ origin: "https://evil.example" })).toBe(403);
  expect(await statusWith({ origin: "null" })).toBe(403);
  expect(await statusWith({ host: "evil.example" })).toBe(421);
  expect(await statusWith({ origin: url })).toBe(101);
  expect(await statusWith({})).toBe(101);
});

test("our own page, listed pages, links and programs are let in", async () => {
  const listed = "https://dashboard.example";
  const { url } = await startTestApi(`
api:
  api_key: ${key}
  allowed_hosts: ["memories.example", "*.lan:8443"]
  cors: { enabled: true, origins: ["${listed}"] }
`);
  const status = async (headers: Record<string, string>, path = "/runs", method = "GET") =>
    statusIn(
      await sendRaw(url, [
        `${method} ${path} HTTP/1.1`,
        ...(headers.host === undefined ? [`host: 127.0.0.1:${portOf(url)}`] : []),
        `x-api-key: ${key}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ]),
    );
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  expect(await status({ origin: url, "sec-fetch-site": "same-origin" })).toBe(200);
  expect(await status({ "sec-fetch-site": "none" })).toBe(200);
  expect(await status({ origin: listed, "sec-fetch-site": "cross-site" })).toBe(200);
  expect(await status({ origin: `${listed}.evil` })).toBe(403);
  expect(await status(link)).toBe(200);
  expect(await status(link, "/events")).toBe(403);
  expect(await status(link, "/connectors/one/reset", "POST")).toBe(403);
  expect(await status({ host: "Memories.Example." })).toBe(200);
  expect(await status({ host: "memories.example:444" })).toBe(200);
  expect(await status({ host: "a.b.lan:8443" })).toBe(200);
  expect(await status({ host: "a.b.lan:8444" })).toBe(421);
  expect(await status({ host: "memories.example", origin: "https://memories.example" })).toBe(200);
  expect(await status({ origin: "https://memories.example" })).toBe(200);
});

test("a wildcard address is called by every address of this machine, and by no other", async () => {
  const { url } = await startTestApi(`api: { host: "0.0.0.0", api_key: ${key} }`);
  const status = async (host: string) =>
    statusIn(
      await sendRaw(url.replace("0.0.0.0", "127.0.0.1"), [
        "GET /runs HTTP/1.1",
        `host: ${host}`,
        `x-api-key: ${key}`,
      ]),
    );
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all);
  for (const { address, family } of addresses) {
    const host = family === "IPv6" ? `[${address}]` : address;
    expect([host, await status(`${host}:1`)]).toEqual([host, 200]);
  }
  expect(await status("203.0.113.9")).toBe(421);
  expect(await status("evil.example")).toBe(421);
});

test("what a form can send never acts, with an origin or without", async () => {
  const { url, app } = await startTestApi(open);
  const before = await app.audit.list({ limit: 10 });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const headers = { "content-type": type };
    for (const path of ["/connectors", "/connectors/one/reset", "/connectors/one/trigger"]) {
      const answer = await fetch(url + path, {
        method: "POST",
        headers,
        body: '{"id":"two","context_id":"C"}',
      });
      expect([type, path, answer.status]).toEqual([type, path, 415]);
    }
  }
  expect(await app.audit.list({ limit: 10 })).toEqual(before);
});

test("metrics on a port of their own are read by the same rules", async () => {
  const { url, close } = await startMetricsServer({
    host: "127.0.0.1",
    port: 0,
    path: "/metrics",
    metrics: new Metrics(),
    allowedHosts: ["metrics.example"],
    maxConnections: 10,
  });
  onTestFinished(close);
  const status = async (...headers: string[]) =>
    statusIn(await sendRaw(url, ["GET /metrics HTTP/1.1", ...headers]));
  expect(await status(`host: 127.0.0.1:${portOf(url)}`)).toBe(200);
  expect(await status("host: metrics.example")).toBe(200);
  expect(await status("host: evil.example")).toBe(421);
  expect(await status("host: localhost", "origin: https://evil.example")).toBe(403);
  expect(await status("host: localhost", "sec-fetch-site: cross-site")).toBe(403);
});

test("the refusal says what to do, and shows no page what it asked for", async () => {
  const { url } = await startTestApi();
  const { status, body, headers } = await callApi(url, "GET", "/runs", {
    key,
    headers: { origin: "https://evil.example" },
  });
  expect([status, body.code]).toEqual([403, "API_ORIGIN_REFUSED"]);
  expect(body.hint).toContain("api.cors.origins");
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

test("who calls a published address that was not announced is told what to write into the configuration", async () => {
  const { url } = await startTestApi();
  for (const name of ["192.0.2.77", "memories.example.org", "container-1"]) {
    const answer = await sendRaw(url, ["GET /runs HTTP/1.1", `host: ${name}:9622`, `x-api-key: ${key}`]);
    expect(statusIn(answer)).toBe(421);
    const { hint } = JSON.parse(answer.slice(answer.indexOf("{"))) as { hint: string };
    const line = /allowed_hosts: \[.*\]/u.exec(hint)?.[0];
    const told = await startTestApi(`api: { api_key: ${key}, ${line} }`);
    const again = await sendRaw(told.url, ["GET /runs HTTP/1.1", `host: ${name}:9622`, `x-api-key: ${key}`]);
    expect([line, statusIn(again)]).toEqual([`allowed_hosts: ["${name}"]`, 200]);
  }
});
