import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { ended, startCli } from "../support/cli.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";

const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
const outside = addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address;
const hasIpv6 = addresses.some(({ family }) => family === "IPv6");

/** The port that the service listens on, whatever address it shows. */
const portOf = (url: string): string => new URL(url).port;

async function answersAt(address: string, port: string): Promise<number> {
  const url = `http://${address}:${port}`;
  return (await callApi(url, "GET", "/connectors", { key: adminKey })).status;
}

test.skipIf(outside === undefined)(
  "`api.host: 0.0.0.0` in the file: the service answers at an address of this machine that is not loopback",
  async () => {
    const { folder, configure } = await makeWorld();
    configure("connectors: []", { api: `{ host: 0.0.0.0, api_key: ${adminKey} }` });
    const service = await startService(folder);
    const port = portOf(service.url("api"));
    expect(await answersAt(outside ?? "", port)).toBe(200);
    expect(await answersAt("127.0.0.1", port)).toBe(200);
    expect((await service.stop()).code).toBe(0);
  },
);

test.skipIf(outside === undefined)(
  "--host beats the file, and the address of the file holds without it",
  async () => {
    const { folder, configure } = await makeWorld();
    configure("connectors: []", { api: `{ host: "${outside}", api_key: ${adminKey} }` });
    const asInFile = await startService(folder);
    expect(new URL(asInFile.url("api")).hostname).toBe(outside);
    await asInFile.stop();
    const asGiven = await startService(folder, "--host", "127.0.0.1");
    expect(new URL(asGiven.url("api")).hostname).toBe("127.0.0.1");
    await asGiven.stop();
  },
);

test.each(["0.0.0.0", "::", "192.0.2.1", "service.example.org"])(
  "without keys the service does not listen on %s, whether the file or a flag says so",
  async (host) => {
    const { folder, configure } = await makeWorld();
    configure("connectors: []", { api: `{ host: "${host}", enable_auth: false }` });
    const fromFile = await ended(startCli(["serve", "--port", "0"], folder));
    expect(fromFile.code).toBe(2);
    expect(fromFile.err).toContain(`is false while the API listens on ${host}`);
    configure("connectors: []", { api: "{ enable_auth: false }" });
    const fromFlag = await ended(startCli(["serve", "--port", "0", "--host", host], folder));
    expect(fromFlag.code).toBe(2);
    expect(fromFlag.err).toContain("api.enable_auth");
  },
);

test.skipIf(!hasIpv6)('`api.host: "::"` answers at the IPv6 loopback address', async () => {
  const { folder, configure } = await makeWorld();
  configure("connectors: []", { api: `{ host: "::", api_key: ${adminKey} }` });
  const service = await startService(folder);
  const status = await eventually(() => answersAt("[::1]", portOf(service.url("api"))));
  expect(status).toBe(200);
  await service.stop();
});
