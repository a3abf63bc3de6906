import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";

const breaker = "{ failures: 1, cooldown: 1h }";

test("status and list show what the store knows, breakers when a service runs, and say so when none does", async () => {
  const { folder, memoryApi, lightrag, configure } = await makeWorld(3);
  configure("connectors: [{ id: one, context_id: CTX, schedule: { type: manual } }]");
  const service = await startService(folder);
  const url = service.url("api");
  const cli = async (...args: string[]) => (await runCli(args, { cwd: folder })).out;
  const json = async (...args: string[]) => JSON.parse(await cli(...args, "--json"));

  const fresh = await json("status", "--url", url);
  expect(fresh.connectors[0]).toMatchObject({ inFlight: 0, completeAsOf: null, lastRun: null });
  expect(fresh.service).toEqual({ url, problem: null, status: "ok", circuits: [] });
  await callApi(url, "POST", "/connectors/one/trigger");
  await eventually(async () => (await json("status")).connectors[0].lastRun?.outcome === "success");
  const done = await json("status", "--url", url);
  expect(Date.now() - Date.parse(done.connectors[0].completeAsOf)).toBeLessThan(60_000);
  expect(done.service.circuits.map(({ server, status }: Record<string, string>) => [server, status])).toEqual(
    [
      [`memory_api ${memoryApi.url}`, "ok"],
      [`lightrag ${lightrag.url}`, "ok"],
    ],
  );
  expect(await cli("list", "--url", url)).toMatch(
    /one +yes +CTX +manual +- +success, \S+ \S+ ago +0 +\S+ \S+ ago/u,
  );
  expect(await cli("status", "--url", url, "--key", "wrong")).toContain("to those who show a key");
  await service.stop();
  const alone = await json("status", "--url", url);
  expect(alone.service).toMatchObject({ status: null, problem: `no service answers at ${url}` });
  expect(alone.connectors).toEqual(done.connectors);
  expect(await cli("list", "--url", url)).toContain(
    "From the state store, without breakers: no service answers",
  );
});

test("a source that is left alone shows in health, metrics and status; a changed address closes its client and the breaker goes", async () => {
  const { folder, memoryApi, lightrag, configure } = await makeWorld(3);
  const withSource = (of: string) =>
    configure(`
connectors:
  - id: one
    context_id: CTX
    schedule: { type: manual }
    memory_api: { url: "${of}", max_retries: 0, circuit_breaker: ${breaker} }
`);
  withSource(memoryApi.url);
  memoryApi.faultFor = () => ({ kind: "status", status: 500 });
  const service = await startService(folder);
  const url = service.url("api");
  const trigger = async () => {
    await eventually(async () => (await callApi(url, "POST", "/connectors/one/trigger")).status === 202);
    await eventually(
      async () => (await callApi(url, "GET", "/connectors/one/status")).body.activeRun === null,
    );
  };
  const parts = async () => (await callApi(url, "GET", "/health")).body.details.parts;
  await trigger();
  await trigger();
  const name = `memory_api ${memoryApi.url}`;
  expect((await parts())[name]).toMatchObject({ status: "degraded" });
  const { body: metrics } = await callApi(url, "GET", "/metrics");
  expect(metrics).toContain(`service="memory_api",server="${memoryApi.url}",state="open"} 1`);
  expect(metrics).toContain(`service="lightrag",server="${lightrag.url}",state="closed"} 1`);
  const { out } = await runCli(["status", "--url", url, "--key", adminKey], { cwd: folder });
  expect(out).toContain(`breaker   ${name}: failed too often and is left alone`);

  withSource(`${memoryApi.url}/other`);
  service.child.kill("SIGHUP");
  await eventually(async () => (await parts())[name] === undefined);
  await service.stop();
});
