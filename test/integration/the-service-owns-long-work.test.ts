import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { serveFolder } from "../support/api-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, cliJson, eventually, makeWorld } from "../support/service.ts";

const day = 86_400_000;

/** A service over a connector `one` with old memories, and the way to ask it. Ends with the test. */
async function served(ingestion: string, memories = 8) {
  const world = await makeWorld(0);
  world.memoryApi.put("CTX", ...makeApiMemories(memories, Date.now() - 10 * day));
  world.configure(
    `connectors: [{ id: one, context_id: CTX, schedule: { type: manual }, ingestion: ${ingestion} }]`,
  );
  const { app, server, service } = await serveFolder(world.folder, { schedules: true });
  onTestFinished(async () => {
    await server.close();
    await service.stop();
    await service.close();
    await app.close();
  });
  const ask = (method: string, path: string, body?: object) => callApi(server.url, method, path, { body });
  const get = async (path: string) => (await ask("GET", path)).body;
  const idle = () => eventually(async () => (await get("/connectors/one/status")).activeRun === null);
  const run = async (body: object = {}) => {
    const { runId } = (await ask("POST", "/connectors/one/trigger", body)).body;
    await idle();
    return get(`/runs/${runId}`);
  };
  return { ...world, app, ask, get, idle, run, url: server.url };
}

/** Of the audit log, oldest first: what was done and who has done it. */
async function doneBy(
  get: (path: string) => Promise<{ entries: Record<string, unknown>[] }>,
  action: string,
) {
  const { entries } = await get(`/audit?action=${action}`);
  return entries.toReversed().map(({ actor, after }) => [(actor as { kind: string }).kind, after]);
}

test("a comparison asked of the service outlives its request, tells how it goes, and leaves its report for both doors", async () => {
  const { app, ask, get, idle, run, lightrag, folder } = await served("{ query_range: all }");
  expect(await get("/connectors/one/reconcile")).toEqual({ connectorId: "one", latest: null, report: null });
  await run();
  lightrag.lose(lightrag.documents()[0]!.id);
  const told: string[] = [];
  for (const type of ["drift:started", "run:start", "run:end", "drift:checked"] as const)
    app.events.on(type, () => told.push(type));

  const asked = await ask("POST", "/api/v1/connectors/one/reconcile", { repair: true });
  expect(asked).toMatchObject({ status: 202, body: { connectorId: "one", runId: expect.any(String) } });
  const { runId } = asked.body;
  await idle();
  const found = await get(asked.headers.get("location")!);
  expect(found).toMatchObject({
    latest: { runId, trigger: "api", repair: true, outcome: "success", error: null },
    report: {
      runId,
      drift: { missing: { count: 1 } },
      repair: { run: { runId, outcome: "success" }, remaining: { missing: { count: 0 } } },
    },
  });
  expect(await get(`/runs/${runId}`)).toMatchObject({ trigger: "api", counts: { processed: 1 } });
  expect(told).toEqual(["drift:started", "run:start", "run:end", "drift:checked"]);
  expect(await cliJson(folder, "reconcile", "--last")).toEqual({ reconciliations: [found], failures: [] });
  expect(await doneBy(get, "ledger.reconcile")).toMatchObject([
    ["api-key", { runId, repair: true }],
    ["service", { runId, removed: 0 }],
  ]);
});

test("a comparison is under way as a run is: nothing else runs, it can be cancelled, and what was found before stays", async () => {
  const { ask, get, idle, memoryApi, run } = await served("{ query_range: all }");
  await run();
  await ask("POST", "/connectors/one/reconcile");
  await idle();
  const before = await get("/connectors/one/reconcile");
  memoryApi.faultFor = () => ({ kind: "silent" });
  const { runId } = (await ask("POST", "/connectors/one/reconcile")).body;
  await eventually(async () => (await get("/connectors/one/reconcile")).latest.runId === runId);
  expect(await get("/connectors/one/reconcile")).toMatchObject({
    latest: { outcome: "running", endedAt: null },
  });
  expect((await get("/connectors/one/status")).activeRun).toMatchObject({ runId });
  for (const path of ["reconcile", "trigger"])
    expect(await ask("POST", `/connectors/one/${path}`)).toMatchObject({
      ...{ status: 409, body: { code: "RUN_ACTIVE", subject: runId } },
    });
  expect(await ask("POST", "/connectors/one/cancel")).toMatchObject({ status: 202, body: { runId } });
  await idle();
  expect(await get("/connectors/one/reconcile")).toMatchObject({
    latest: { runId, outcome: "cancelled", error: { code: "CANCELLED" } },
    report: before.report,
  });
  expect((await get("/connectors/one/status")).lastRun.outcome).toBe("success");
});

test("a comparison that cannot begin says so to whoever has its id", async () => {
  const { app, ask, get, idle } = await served("{ query_range: all }");
  const lock = await app.state.lockConnector("one");
  const { runId } = (await ask("POST", "/connectors/one/reconcile")).body;
  await idle();
  await lock.release();
  expect(await get("/connectors/one/reconcile")).toMatchObject({
    latest: { runId, outcome: "failed", error: { code: "CONNECTOR_LOCKED" } },
    report: null,
  });
});

test("a backfill asked of the service is run until it is done, each run followed by another", async () => {
  const { ask, get, idle, run, lightrag } = await served(
    "{ query_range: day, query_limit: 2000, backfill_per_run: 3 }",
  );
  expect((await run()).counts.processed).toBe(0);
  expect(await get("/connectors/one/backfill")).toEqual({ connectorId: "one", backfill: null });
  const asked = await ask("POST", "/connectors/one/backfill", { since: "2000-01-01T00:00:00Z" });
  expect(asked).toMatchObject({
    status: 202,
    body: { backfill: { finishedAt: null }, runId: expect.any(String) },
  });
  await eventually(async () => (await get("/connectors/one/backfill")).backfill.finishedAt !== null);
  // It is finished before the report of its last run is.
  await idle();
  const { runs } = await get("/connectors/one/history");
  const delivered = runs.map(({ counts }: { counts: { processed: number } }) => counts.processed);
  expect(delivered.toReversed()).toEqual([0, 3, 3, 2]);
  expect(runs[2].runId).toBe(asked.body.runId);
  expect(lightrag.documents()).toHaveLength(8);
  expect(await doneBy(get, "backfill.request")).toMatchObject([["api-key", { later: false }]]);
});

test("a backfill that was only asked for waits for the next run, and one that is cancelled delivers no more", async () => {
  const { ask, get, run, lightrag } = await served(
    "{ query_range: day, query_limit: 2000, backfill_per_run: 3 }",
  );
  const asked = await ask("POST", "/connectors/one/backfill", { since: "2000-01-01T00:00:00Z", later: true });
  expect(asked.body.runId).toBeNull();
  expect((await get("/connectors/one/history")).runs).toEqual([]);
  expect((await run()).counts.processed).toBe(3);
  const cancelled = await ask("DELETE", "/connectors/one/backfill");
  expect(cancelled.body).toMatchObject({ forgotten: 5, backfill: { finishedAt: expect.any(String) } });
  await run();
  expect(lightrag.documents()).toHaveLength(3);
  expect(await ask("DELETE", "/connectors/one/backfill")).toMatchObject({
    ...{ status: 409, body: { code: "BACKFILL_NOT_ACTIVE", subject: "one" } },
  });
  expect(await doneBy(get, "backfill.cancel")).toMatchObject([["api-key", { forgotten: 5 }]]);
  const backwards = { since: "2025-01-02T00:00:00Z", until: "2025-01-01T00:00:00Z" };
  expect(await ask("POST", "/connectors/one/backfill", backwards)).toMatchObject({
    ...{ status: 400, body: { code: "RANGE_REVERSED", problems: [{ path: "since" }] } },
  });
});

test("whatever a person may say of a sync is said of a run that is asked of the service", async () => {
  const { ask, folder, idle, run, get, lightrag, memoryApi, url } = await served(
    "{ query_range: all }, on_delete: propagate",
  );
  const backwards = { since: "2025-01-02T00:00:00Z", until: "2025-01-01T00:00:00Z" };
  for (const path of ["trigger", "plan"])
    expect((await ask("POST", `/connectors/one/${path}`, backwards)).status).toBe(400);
  const typed = [
    "trigger",
    "one",
    "--ids",
    "m1,m2",
    "--since",
    "2000-01-01",
    "--url",
    url,
    "--key",
    adminKey,
  ];
  expect(await get(`/runs/${(await cliJson(folder, ...typed)).runId}`).then(idle)).toBe(true);
  expect((await get("/connectors/one/status")).lastRun.counts.processed).toBe(2);
  expect(lightrag.documents()).toHaveLength(2);
  await run();
  for (const id of ["m0", "m1", "m2", "m3", "m4", "m5", "m6"]) memoryApi.remove("CTX", id);
  expect((await run()).counts.deleted).toBe(0);
  expect((await run({ acceptDeletions: true })).counts.deleted).toBe(7);
  expect(await doneBy(get, "run.trigger")).toMatchObject([
    ["api-key", { force: false, ids: 2, since: "2000-01-01T00:00:00.000Z" }],
    ["api-key", { force: false }],
    ["api-key", { force: false }],
    ["api-key", { acceptDeletions: true }],
  ]);
});
