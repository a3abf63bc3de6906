import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { freePort } from "../support/front-server.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const manual = { id: "made", context_id: "CTX", schedule: { type: "manual" } };

test("an API process and a scheduler process on one state work as one service", async () => {
  const { folder, lightrag, configure } = await makeWorld(20);
  configure("connectors: []");
  lightrag.options.processingMs = 200;
  const scheduling = await startService(folder, "--scheduler-only");
  const serving = await startService(folder, "--api-only");
  const call = (method: string, path: string) =>
    callApi(serving.url("api"), method, `/connectors/made${path}`);

  await callApi(serving.url("api"), "POST", "/connectors", { body: manual });
  const triggered = await call("POST", "/trigger");
  expect(triggered.status).toBe(202);
  expect((await call("POST", "/trigger")).body).toMatchObject({ status: 409, code: "RUN_ACTIVE" });
  await eventually(() => lightrag.documents().some(({ status }) => status === "processed"));
  expect((await call("GET", "/status")).body.activeRun).toMatchObject({ runId: triggered.body.runId });
  expect((await call("POST", "/cancel")).body.runId).toBe(triggered.body.runId);
  await eventually(async () => (await call("GET", "/history")).body.runs[0].outcome === "cancelled");

  expect((await call("POST", "/pause")).body).toMatchObject({ pausedAt: expect.any(String) });
  expect((await cliJson(folder, "list")).connectors[0].pausedAt).not.toBeNull();
  expect((await call("POST", "/resume")).body).toMatchObject({ pausedAt: null });
  lightrag.options.processingMs = 0;
  await eventually(async () => (await call("POST", "/trigger")).status === 202);
  await eventually(async () => {
    const { activeRun, memories } = (await call("GET", "/status")).body;
    return activeRun === null && memories.processed === 20;
  });
  // The run gives its lock back a moment after its record.
  await eventually(async () => (await call("DELETE", "")).body.forgotten === 20);
  expect(lightrag.documents()).toHaveLength(20);
  expect((await serving.stop()).code).toBe(0);
  expect((await scheduling.stop()).code).toBe(0);
});

test("both read one configuration: the port of metrics is the scheduling process's, whichever starts first", async () => {
  const { folder, configure } = await makeWorld(0);
  configure(`monitoring: { prometheus: { enabled: true, port: ${await freePort()} } }\nconnectors: []`);
  const serving = await startService(folder, "--api-only");
  const scheduling = await startService(folder, "--scheduler-only");
  expect(serving.url("metrics")).toBe(`${serving.url("api")}/metrics`);
  expect((await fetch(scheduling.url("metrics"))).status).toBe(200);
  expect((await callApi(serving.url("api"), "GET", "/metrics")).status).toBe(200);
  expect((await serving.stop()).code).toBe(0);
  expect((await scheduling.stop()).code).toBe(0);
});

test("a connector that is deleted through another process takes its series along", async () => {
  const { folder, configure } = await makeWorld(2);
  configure(`monitoring: { prometheus: { enabled: true, port: ${await freePort()} } }\nconnectors: []`);
  const serving = await startService(folder, "--api-only");
  const scheduling = await startService(folder, "--scheduler-only");
  const call = (method: string, path: string, body?: unknown) =>
    callApi(serving.url("api"), method, path, { body });
  const series = async () => {
    const text = await (await fetch(scheduling.url("metrics"))).text();
    return text.split("\n").filter((line) => line.includes('connector_id="made"'));
  };
  await call("POST", "/connectors", { id: "made", context_id: "CTX", schedule: { type: "manual" } });
  await eventually(async () => (await call("POST", "/connectors/made/trigger")).status === 202);
  await eventually(async () =>
    (await series()).includes('memory_connector_memories_processed_total{connector_id="made"} 2'),
  );
  expect((await call("DELETE", "/connectors/made")).status).toBeLessThan(300);
  await eventually(async () => (await series()).length === 0);
  for (const service of [serving, scheduling]) expect((await service.stop()).code).toBe(0);
});

test("with no scheduler process a trigger is refused plainly, and one that starts later does not run it", async () => {
  const { folder, lightrag, configure } = await makeWorld(2);
  configure("connectors: [{ id: made, context_id: CTX, schedule: { type: manual } }]");
  const serving = await startService(folder, "--api-only");
  const refused = await callApi(serving.url("api"), "POST", "/connectors/made/trigger");
  expect(refused.body).toMatchObject({ status: 503, code: "SCHEDULER_ELSEWHERE" });
  const scheduling = await startService(folder, "--scheduler-only");
  const accepted = await callApi(serving.url("api"), "POST", "/connectors/made/trigger");
  await eventually(() => lightrag.documents().length === 2);
  await serving.stop();
  await scheduling.stop();
  const { runs } = await cliJson(folder, "history");
  expect(runs.map(({ runId }: { runId: string }) => runId)).toEqual([accepted.body.runId]);
});

test("two services that schedule on one state agree: what one is asked to pause and run, the other knows and never undoes", async () => {
  const { folder, configure } = await makeWorld(2);
  configure("connectors: [{ id: made, context_id: CTX, schedule: { type: interval, every: 1h } }]");
  const first = await startService(folder);
  const second = await startService(folder);
  const call = (service: typeof first, method: string, path: string) =>
    callApi(service.url("api"), method, `/connectors/made${path}`);
  expect((await call(first, "POST", "/pause")).body).toMatchObject({ pausedAt: expect.any(String) });
  await eventually(async () => (await call(second, "GET", "/schedule")).body.pausedAt !== null);
  const runId = await eventually(async () => (await call(first, "POST", "/trigger")).body.runId);
  await eventually(async () => (await call(second, "GET", "/status")).body.lastRun?.runId === runId);
  expect((await second.stop()).code).toBe(0);
  expect((await call(first, "GET", "/schedule")).body.pausedAt).not.toBeNull();
  expect((await first.stop()).code).toBe(0);
  expect((await cliJson(folder, "list")).connectors[0].pausedAt).not.toBeNull();
});
