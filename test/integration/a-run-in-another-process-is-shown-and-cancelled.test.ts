import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { ended, runCli, startCli } from "../support/cli.ts";
import { cliJson, eventually, makeSlowWorld, startService } from "../support/service.ts";

/** So many that the run is not over before it has been asked about. */
const memories = 400;

/** A `sync` of another terminal, once it delivers. */
async function startSync(folder: string) {
  const child = startCli(["sync"], folder);
  onTestFinished(() => void child.kill("SIGKILL"));
  const answer = ended(child);
  const { runId } = await eventually(async () => {
    const run = (await cliJson(folder, "status")).connectors[0].activeRun;
    return run?.phase === "deliver" && run;
  });
  return { child, answer, runId };
}

test("a sync of a terminal is an active run for a service beside it: with pace, refused twice, and cancelled through it", async () => {
  const { folder } = await makeSlowWorld(memories, 500);
  const service = await startService(folder);
  const { child, answer, runId } = await startSync(folder);
  const call = (method: string, path: string) => callApi(service.url("api"), method, path);
  const process = expect.stringContaining(`process ${child.pid} `);

  const moving = await eventually(async () => {
    const run = (await call("GET", "/connectors/one/status")).body.activeRun;
    return run.documentsPerMinute > 0 && run;
  });
  expect(moving).toMatchObject({
    runId,
    process,
    startedAt: expect.any(String),
    secondsLeft: expect.any(Number),
  });
  expect(moving.done + moving.left).toBe(memories);
  const listed = [
    (await call("GET", "/runs")).body.runs[0],
    (await call("GET", `/runs/${runId}`)).body,
    (await cliJson(folder, "history")).runs[0],
  ];
  for (const run of listed)
    expect(run).toMatchObject({
      runId,
      outcome: "running",
      progress: { phase: "deliver", left: expect.any(Number) },
    });
  expect((await runCli(["history"], { cwd: folder })).out).toMatch(/running, \d+ of 400/u);
  expect((await runCli(["status"], { cwd: folder })).out).toContain(`by        process ${child.pid} on `);

  expect((await call("POST", "/connectors/one/trigger")).body).toMatchObject({
    status: 409,
    code: "RUN_ACTIVE",
    title: process,
  });
  const second = await runCli(["sync"], { cwd: folder });
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining("CONNECTOR_LOCKED") });
  expect(second.err).toContain("memory-connector cancel CONNECTOR");

  expect((await call("POST", "/connectors/one/cancel")).body).toEqual({ connectorId: "one", runId });
  expect(await answer).toMatchObject({ code: 130, out: expect.stringContaining("cancelled on request") });
  expect((await call("GET", "/connectors/one/status")).body).toMatchObject({
    activeRun: null,
    lastRun: { runId, outcome: "cancelled", counts: { failed: 0 } },
  });
  expect((await call("POST", "/connectors/one/cancel")).body).toMatchObject({ code: "RUN_NOT_ACTIVE" });
  await service.stop();
});

test("without a service `cancel` reaches the sync of another terminal, and says so when that process stands still", async () => {
  const { folder } = await makeSlowWorld(memories, 500, { monitoring: "{ alerts: { enabled: true } }" });
  const { child, answer, runId } = await startSync(folder);
  child.kill("SIGSTOP");
  const refused = await runCli(["cancel", "one"], { cwd: folder });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("RUN_NOT_ANSWERING") });
  expect(refused.err).toContain(`process ${child.pid} `);
  const warnings = refused.err.match(/^warning: .*$/gmu) ?? [];
  expect(warnings).toEqual([expect.stringContaining("alerts"), expect.stringContaining("alerts")]);
  expect(new Set(warnings).size).toBe(2);
  expect((await cliJson(folder, "status")).connectors[0].activeRun).toMatchObject({ runId });
  child.kill("SIGCONT");
  expect(await runCli(["cancel", "one"], { cwd: folder })).toMatchObject({
    code: 0,
    out: `Run ${runId} is being cancelled.\n`,
  });
  expect((await answer).code).toBe(130);
  expect(await runCli(["cancel", "one"], { cwd: folder })).toMatchObject({
    err: expect.stringContaining("SERVICE_UNREACHABLE"),
  });
});

test("a sync on a json state is shown, and `cancel` says why it cannot reach it and what to do", async () => {
  const { folder } = await makeSlowWorld(memories, 500, { state: "{ backend: json }" });
  const { child, runId } = await startSync(folder);
  const refused = await runCli(["cancel", "one"], { cwd: folder });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("RUN_NOT_ANSWERING") });
  for (const said of [`run ${runId} `, `process ${child.pid} `, "Ctrl-C"])
    expect(refused.err).toContain(said);
});
