import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const everySecond = `connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1s } }]`;

test("connectors run by their schedules, and what they carry arrives once", async () => {
  const { folder, lightrag, configure } = await makeWorld(7);
  configure(everySecond);
  const service = await startService(folder, "--scheduler-only");
  await eventually(async () => {
    const { runs } = await cliJson(folder, "history");
    return runs.filter(({ outcome }: { outcome: string }) => outcome === "success").length >= 2;
  });
  const { code } = await service.stop();
  expect(code).toBe(0);
  expect(lightrag.documents().map(({ status }) => status)).toEqual(Array(7).fill("processed"));
  const { connectors } = await cliJson(folder, "status");
  expect(connectors[0]).toMatchObject({ schedule: "every 1 s", openRunId: null, memories: { processed: 7 } });
  expect(Date.parse(connectors[0].nextRunAt)).toBeGreaterThan(0);
});

test("SIGTERM in mid-run, twice: the run is cut short, and the next start completes it with nothing lost or doubled", async () => {
  const { folder, lightrag, configure } = await makeWorld(30);
  configure(`connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h } }]`);
  lightrag.options.processingMs = 200;
  const first = await startService(folder, "--scheduler-only");
  await eventually(() => lightrag.documents().some(({ status }) => status === "processed"));
  first.child.kill("SIGTERM");
  await first.says("stopping");
  expect((await first.stop()).code).toBe(0);
  const [cut] = (await cliJson(folder, "history")).runs;
  expect(cut).toMatchObject({
    outcome: "cancelled",
    counts: { failed: 0 },
    errors: [{ code: "CANCELLED", message: expect.stringContaining("the service stops") }],
  });
  expect(cut.counts.processed + cut.counts.unproved + cut.counts.waiting).toBe(30);
  lightrag.options.processingMs = 0;
  const second = await startService(folder, "--scheduler-only");
  await eventually(async () => (await cliJson(folder, "status")).connectors[0].memories.processed === 30);
  await second.stop();
  expect(lightrag.documents()).toHaveLength(30);
  expect(lightrag.counts).toMatchObject({ deleted: 0 });
});

test("a changed configuration is taken over while the service runs; a broken one is refused, and health says so", async () => {
  const { folder, lightrag, configure } = await makeWorld(3);
  configure("connectors: []");
  const service = await startService(folder);
  const configuration = async () => {
    const { body } = await callApi(service.url("api"), "GET", "/health");
    return [body.status, body.details.parts.configuration.status];
  };
  configure(everySecond);
  service.child.kill("SIGHUP");
  await eventually(() => lightrag.documents().length === 3);
  configure("connectors: [{ id: one, contxt_id: CTX }]");
  service.child.kill("SIGHUP");
  await service.says("the changed configuration was refused");
  expect(await configuration()).toEqual(["degraded", "degraded"]);
  expect((await callApi(service.url("api"), "GET", "/connectors/one")).status).toBe(200);
  configure(everySecond);
  service.child.kill("SIGHUP");
  await eventually(async () => (await configuration()).join() === "ok,ok");
  expect((await service.stop()).code).toBe(0);
});

test("a changed file is noticed without a signal", async () => {
  const { folder, lightrag, configure } = await makeWorld(3);
  configure("connectors: []");
  const service = await startService(folder, "--scheduler-only");
  configure(everySecond);
  await eventually(() => lightrag.documents().length === 3);
  await service.stop();
});
