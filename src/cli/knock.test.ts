import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { knock } from "./knock.ts";

const { signal } = new AbortController();

test.each(["127.0.0.1", "::1"])("somebody listens at %s until nobody does", async (host) => {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = new URL(
    `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/`,
  );
  await expect(knock(url, signal)).resolves.toBeUndefined();
  server.close();
  await once(server, "close");
  await expect(knock(url, signal)).rejects.toThrow("ECONNREFUSED");
});

test("a knock is given up with its signal", async () => {
  await expect(knock(new URL("http://127.0.0.1:1"), AbortSignal.abort())).rejects.toThrow("aborted");
});
