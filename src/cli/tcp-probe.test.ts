import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { tcpProbe } from "./tcp-probe.ts";

const { signal } = new AbortController();

test.each(["127.0.0.1", "::1"])("a probe of %s succeeds while a server listens", async (host) => {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = new URL(
    `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/`,
  );
  await expect(tcpProbe(url, signal)).resolves.toBeUndefined();
  server.close();
  await once(server, "close");
  await expect(tcpProbe(url, signal)).rejects.toThrow("ECONNREFUSED");
});

test("a probe ends with its signal", async () => {
  await expect(tcpProbe(new URL("http://127.0.0.1:1"), AbortSignal.abort())).rejects.toThrow("aborted");
});
