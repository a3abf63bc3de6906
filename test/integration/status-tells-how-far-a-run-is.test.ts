import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

/** So many that the run is not over before it has been asked about. */
const memories = 400;

test("while a service delivers to a slow LightRAG, every other process tells how far it is, how fast and how long, and what it waits for", async () => {
  const { folder, lightrag, configure } = await makeWorld(memories);
  lightrag.options.processingMs = 500;
  configure("connectors: [{ id: one, context_id: CTX, schedule: { type: manual } }]");
  const scheduling = await startService(folder, "--scheduler-only");
  const serving = await startService(folder, "--api-only");
  const asked = async () =>
    (await callApi(serving.url("api"), "GET", "/connectors/one/status")).body.activeRun;
  const typed = async () => (await cliJson(folder, "status")).connectors[0].activeRun;
  await callApi(serving.url("api"), "POST", "/connectors/one/trigger");

  const begun = await eventually(async () => {
    const run = await asked();
    return run?.phase === "deliver" && run;
  });
  expect(begun.done + begun.left).toBe(memories);
  for (const ask of [asked, typed]) {
    const moving = await eventually(async () => {
      const run = await ask();
      return run.documentsPerMinute > 0 && run;
    });
    expect(moving.done).toBeGreaterThan(0);
    expect(moving.done + moving.left).toBe(memories);
    expect(moving.secondsLeft).toBeGreaterThan(0);
    expect(moving.waits).toBeNull();
  }
  const { out } = await runCli(["status"], { cwd: folder });
  expect(out).toMatch(/^ {2}running {3}\d+ done, \d+ left · [\d.]+ a minute · about .+ left$/mu);

  lightrag.model = { refuseAll: true };
  const waiting = await eventually(async () => {
    const run = await typed();
    return run.waits !== null && run;
  });
  expect(waiting).toMatchObject({
    secondsLeft: null,
    waits: { reason: expect.stringContaining("model is not available") },
  });
  expect(Date.parse(waiting.waits.until)).toBeGreaterThan(Date.now());
  expect((await runCli(["status"], { cwd: folder })).out).toContain(" left · waits until ");

  await callApi(serving.url("api"), "POST", "/connectors/one/cancel");
  await eventually(async () => (await typed()) === null);
  const { lastRun } = (await cliJson(folder, "status")).connectors[0];
  expect(lastRun).toMatchObject({ outcome: "cancelled", endedAt: expect.any(String) });
  await serving.stop();
  await scheduling.stop();
});
