import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { followStream as follow, openSocket as open } from "../support/live-readers.ts";
import { eventually } from "../support/service.ts";

const notice = (connectorId: string, message = "hello") => ({ runId: "r", connectorId, message });

test("what happens reaches readers of both kinds, and those who ask for one connector get only that", async () => {
  const { url, app, configuredKey } = await startTestApi();
  const all = await open(url, configuredKey);
  const one = await open(url, configuredKey, "/events?connector=one");
  const stream = await follow(url, configuredKey, "/events?connector=one");
  await eventually(() => stream.text().includes(": listening"));
  app.events.emit("run:notice", notice("two"));
  app.events.emit("run:notice", notice("one"));
  await eventually(() => all.seen.length === 2 && stream.text().includes("event: run:notice"));
  expect(all.seen.map(({ connectorId }) => connectorId)).toEqual(["two", "one"]);
  await eventually(() => one.seen.length === 1);
  expect(one.seen[0]).toMatchObject({ type: "run:notice", connectorId: "one", data: notice("one") });
  expect(stream.text()).not.toContain("two");
});

test("without a key nobody listens", async () => {
  const { url } = await startTestApi();
  expect((await follow(url, "wrong")).status).toBe(401);
  const socket = new WebSocket(`${url.replace("http", "ws")}/events`);
  const [error] = (await once(socket, "error").catch((thrown) => [thrown])) as [Error];
  expect(error.message).toContain("401");
});

test("a reader that does not read is dropped with a reason, and the others hear everything", async () => {
  const { url, app, configuredKey } = await startTestApi();
  const slow = await open(url, configuredKey);
  const quick = await open(url, configuredKey);
  slow.socket.pause();
  const long = "x".repeat(200_000);
  for (let sent = 1; sent <= 150; sent++) {
    app.events.emit("run:notice", notice("one", long));
    await eventually(() => quick.seen.length === sent);
  }
  const closed = once(slow.socket, "close");
  slow.socket.resume();
  const [code, reason] = (await closed) as [number, Buffer];
  expect([code, String(reason)]).toEqual([1013, expect.stringContaining("too slow")]);
  expect(slow.seen.length).toBeLessThan(150);
});

test("a stream carries the headers of every answer, for web pages of listed origins too", async () => {
  const origin = "https://a.example";
  const { url } = await startTestApi(`api: { api_key: k, cors: { enabled: true, origins: ["${origin}"] } }`);
  const { headers } = await follow(url, "k", "/events", { origin, "x-request-id": "mine" });
  expect(headers.get("access-control-allow-origin")).toBe(origin);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-request-id")).toBe("mine");
  expect(headers.get("content-type")).toBe("text/event-stream");
});

test("a connector that is not there has no stream of either kind", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const { status, body } = await callApi(url, "GET", "/events?connector=onne", { key });
  expect([status, body.code]).toEqual([404, "CONNECTOR_UNKNOWN"]);
  const socket = new WebSocket(`${url.replace("http", "ws")}/events?connector=onne`, {
    headers: { "x-api-key": key },
  });
  const [error] = (await once(socket, "error")) as [Error];
  expect(error.message).toContain("404");
  // Who shows no key learns nothing of what is there.
  expect((await callApi(url, "GET", "/events?connector=onne", { key: "wrong" })).status).toBe(401);
});

test("events take one connector's name and the method GET only", async () => {
  const { url, configuredKey: key } = await startTestApi();
  expect((await callApi(url, "GET", "/events?connector=%2F", { key })).body.code).toBe("API_REQUEST_INVALID");
  for (const method of ["HEAD", "POST"]) {
    const answer = await callApi(url, method, "/events", { key });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET"]);
  }
});

test("readers are told when the service stops", async () => {
  const { url, configuredKey, server } = await startTestApi();
  const { socket } = await open(url, configuredKey);
  const closed = once(socket, "close");
  await server.close();
  expect(String((await closed)[1])).toBe("the service stops");
});

test("a stream of either kind, opened by key or by ticket, ends soon after its key was revoked; others go on", async () => {
  const { url, app, keys, configuredKey } = await startTestApi();
  const { key, stored } = await keys.create("gone", "viewer");
  const ticketOf = async () => (await callApi(url, "POST", "/events/tickets", { key })).body.ticket as string;
  const streams = [
    await follow(url, key),
    await follow(url, "", `/events?ticket=${encodeURIComponent(await ticketOf())}`),
  ];
  const socket = await open(url, key);
  const stays = await follow(url, configuredKey);
  await eventually(() => [...streams, stays].every(({ text }) => text().includes(": listening")));
  const closed = once(socket.socket, "close") as Promise<[number, Buffer]>;
  await keys.revoke(stored.id);
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1008, "the key is not in force any more"]);
  await eventually(() => streams.every(({ text }) => text().includes("event: dropped")));
  app.events.emit("run:notice", notice("one", "after the end"));
  await eventually(() => stays.text().includes("after the end"));
  for (const { text } of streams) expect(text()).not.toContain("after the end");
});
