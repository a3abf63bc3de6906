import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { checkEveryMs, headersTimeoutMs } from "../../../src/kernel/inbound/limit-connections.ts";
import { callApi } from "../../support/api-client.ts";
import { startTestApi } from "../../support/api-server.ts";
import { openSocket, sendRaw, statusIn } from "../../support/raw-http.ts";

const closed = (socket: Socket) =>
  socket.closed ? Promise.resolve() : new Promise<void>((resolve) => socket.once("close", () => resolve()));

async function openMany(url: string, count: number, head: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened++) {
    const socket = await openSocket(url);
    socket.write(head);
    sockets.push(socket.resume());
  }
  return sockets;
}

test("silent and half-open connections do not keep a caller out, and end", async () => {
  const { url, configuredKey } = await startTestApi();
  const silent = await openMany(url, 300, "");
  const begun = performance.now();
  const halfOpen = await openMany(url, 800, "GET /runs HTTP/1.1\r\nhost: localhost\r\nx-slow: ");
  for (let asked = 0; asked < 20; asked++) {
    expect((await callApi(url, "GET", "/runs", { key: configuredKey })).status).toBe(200);
  }
  const drip = setInterval(() => halfOpen.forEach((socket) => void socket.write("x")), 500);
  await Promise.all([...silent, ...halfOpen].map(closed));
  clearInterval(drip);
  // Not the 30 to 90 seconds of Node's defaults, with room for a busy machine.
  expect(performance.now() - begun).toBeLessThan(headersTimeoutMs + 10 * checkEveryMs);
  expect((await callApi(url, "GET", "/runs", { key: configuredKey })).status).toBe(200);
});

test("more connections than are allowed end those that have been silent for longest", async () => {
  const { url } = await startTestApi("api: { api_key: configured-key, max_connections: 20 }");
  const first = await openMany(url, 20, "");
  const idle = await openMany(url, 5, "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await Promise.all(first.slice(0, 5).map(closed));
  expect([...first.slice(5), ...idle].filter((socket) => socket.destroyed)).toEqual([]);
  const answer = await sendRaw(url, ["GET /health HTTP/1.1", "host: localhost"]);
  expect(statusIn(answer)).toBe(200);
});

test("readers of events count, and are not ended for others", async () => {
  const { url } = await startTestApi("api: { api_key: configured-key, max_connections: 3 }");
  const readers: Socket[] = [];
  for (let opened = 0; opened < 3; opened++) {
    const reader = await openSocket(url);
    reader.write("GET /events HTTP/1.1\r\nhost: localhost\r\nx-api-key: configured-key\r\n\r\n");
    await new Promise((resolve) => reader.once("data", resolve));
    readers.push(reader);
  }
  expect(await sendRaw(url, ["GET /health HTTP/1.1", "host: localhost"])).toBe("");
  expect(readers.filter((socket) => socket.destroyed)).toEqual([]);
});

test("a request that does not come to its end is ended with words", async () => {
  const { url } = await startTestApi();
  const socket = await openSocket(url);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => {
    answer += text;
  });
  socket.write("GET /runs HTTP/1.1\r\nhost: localhost\r\n");
  await closed(socket);
  expect(statusIn(answer)).toBe(408);
  expect(answer).toContain("API_REQUEST_INCOMPLETE");
});

test.each(["content-length", "chunked"])(
  "a body over the limit is answered and drained (%s)",
  async (framing) => {
    const { url, configuredKey } = await startTestApi();
    const size = 3 * 1024 * 1024;
    const body = "x".repeat(size);
    const frame = framing === "chunked" ? "transfer-encoding: chunked" : `content-length: ${size}`;
    const sent = framing === "chunked" ? `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
    for (const [key, status] of [
      [configuredKey, 413],
      ["wrong", 401],
    ] as const) {
      const socket = await openSocket(url);
      let answer = "";
      socket.setEncoding("utf8").on("data", (text) => {
        answer += text;
      });
      const head = [
        "POST /connectors HTTP/1.1",
        "host: localhost",
        `x-api-key: ${key}`,
        "content-type: application/json",
      ];
      socket.write(`${[...head, frame, "", ""].join("\r\n")}${sent}`);
      // The connection has outlived the body: it serves the next request.
      socket.write("GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
      await closed(socket);
      expect([...answer.matchAll(/HTTP\/1\.1 (\d{3})/gu)].map(([, code]) => Number(code))).toEqual([
        status,
        200,
      ]);
    }
  },
);
