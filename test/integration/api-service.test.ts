import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";

const everySecond = { type: "interval", every: "1s" };

test("a connector made through the API runs on its schedule and its memories arrive; a pause outlives a restart", async () => {
  const { folder, lightrag, memoryApi, configure } = await makeWorld(4);
  configure("connectors: []");
  const first = await startService(folder);
  const made = await callApi(first.url("api"), "POST", "/connectors", {
    body: { id: "made", context_id: "CTX", schedule: everySecond, memory_api: { api_key: memoryApi.key } },
  });
  expect([made.status, made.headers.get("location"), made.headers.get("etag")]).toEqual([
    201,
    "/connectors/made",
    '"1"',
  ]);
  expect(JSON.stringify(made.body)).not.toContain(memoryApi.key);
  await eventually(() => lightrag.documents().length === 4);
  const paused = await callApi(first.url("api"), "POST", "/connectors/made/pause");
  expect(paused.body).toMatchObject({ pausedAt: expect.any(String), nextRuns: [] });
  await first.stop();

  const second = await startService(folder);
  const api = second.url("api");
  const { body: status } = await callApi(api, "GET", "/connectors/made/status");
  expect(status).toMatchObject({ schedule: { pausedAt: paused.body.pausedAt }, memories: { processed: 4 } });
  const { body: before } = await callApi(api, "GET", "/connectors/made/history");
  const resumed = await callApi(api, "POST", "/connectors/made/resume");
  expect(resumed.body.nextRuns).toHaveLength(1);
  await eventually(async () => {
    const { body } = await callApi(api, "GET", "/connectors/made/history");
    return body.runs.length > before.runs.length;
  });
  expect(lightrag.documents()).toHaveLength(4);
  expect((await second.stop()).code).toBe(0);
});

test("a run is triggered, watched and cancelled; its connector is changed by version and removed with its ledger", async () => {
  const { folder, lightrag, configure } = await makeWorld(20);
  configure("connectors: []");
  lightrag.options.processingMs = 300;
  const service = await startService(folder);
  const api = service.url("api");
  const body = { id: "made", context_id: "CTX" };
  await callApi(api, "POST", "/connectors", { body });
  const { body: run, status } = await callApi(api, "POST", "/connectors/made/trigger");
  expect(status).toBe(202);
  expect((await callApi(api, "POST", "/connectors/made/trigger")).body).toMatchObject({ code: "RUN_ACTIVE" });
  expect((await callApi(api, "DELETE", "/connectors/made")).body).toMatchObject({ code: "CONNECTOR_LOCKED" });
  await eventually(() => lightrag.documents().length > 0);
  await callApi(api, "POST", "/connectors/made/cancel");
  await eventually(
    async () => (await callApi(api, "GET", `/runs/${run.runId}`)).body.outcome === "cancelled",
  );

  const put = (version: string) =>
    callApi(api, "PUT", "/connectors/made", {
      body: { ...body, description: "changed" },
      headers: { "if-match": version },
    });
  expect((await put('"7"')).body).toMatchObject({ status: 412, code: "STATE_CONFLICT" });
  expect((await put('"1"')).body).toMatchObject({ version: 2, description: "changed" });
  const page = await callApi(api, "GET", "/connectors/made/items?limit=5");
  expect(page.body.items).toHaveLength(5);
  const rest = await callApi(api, "GET", `/connectors/made/items?limit=500&after=${page.body.next}`);
  expect(rest.body.items).toHaveLength(15);
  expect((await callApi(api, "DELETE", "/connectors/made")).body).toEqual({ id: "made", forgotten: 20 });
  expect((await callApi(api, "GET", "/connectors/made")).status).toBe(404);
  await service.stop();
});

test("a run that cannot begin is found under the id that was handed out, with the reason", async () => {
  const { folder, configure } = await makeWorld(1);
  writeFileSync(join(folder, "no.pem"), "nothing");
  configure(
    "connectors: [{ id: broken, context_id: CTX, schedule: { type: manual }, memory_api: { ca: ./no.pem } }]",
  );
  const service = await startService(folder);
  const api = service.url("api");
  const { body } = await callApi(api, "POST", "/connectors/broken/trigger");
  const run = await eventually(async () => {
    const found = await callApi(api, "GET", `/runs/${body.runId}`);
    return found.status === 200 && found.body.outcome !== "running" && found.body;
  });
  expect(run).toMatchObject({ outcome: "failed", errors: [{ code: "CA_UNREADABLE" }] });
  const { body: status } = await callApi(api, "GET", "/connectors/broken/status");
  expect(status.lastRun.runId).toBe(body.runId);
  await service.stop();
});
