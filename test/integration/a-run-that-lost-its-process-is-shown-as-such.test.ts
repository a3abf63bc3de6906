import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { ended, runCli, startCli } from "../support/cli.ts";
import { cliJson, eventually, makeSlowWorld, startService } from "../support/service.ts";

const memories = 60;

const statusOf = async (folder: string) => (await cliJson(folder, "status")).connectors[0];

test("a sync that was killed is shown as interrupted at once, at every door and without a write, with what to do next", async () => {
  const { folder, lightrag } = await makeSlowWorld(memories, 300);
  const beside = await startService(folder, "--api-only");
  const api = (path: string) => callApi(beside.url("api"), "GET", path);
  const child = startCli(["sync"], folder);
  const end = ended(child);
  const { runId } = await eventually(async () => {
    const { activeRun, memories: known } = await statusOf(folder);
    return known.processed > 0 && activeRun;
  });
  child.kill("SIGKILL");
  await end;

  const before = readFileSync(join(folder, "memory_sync_state.db"));
  const shown = await Promise.all([
    cliJson(folder, "history").then(({ runs }) => runs[0]),
    statusOf(folder).then(({ lastRun }) => lastRun),
    api("/runs").then(({ body }) => body.runs[0]),
    api("/connectors/one/history").then(({ body }) => body.runs[0]),
    api(`/runs/${runId}`).then(({ body }) => body),
    api("/connectors/one/status").then(({ body }) => body.lastRun),
  ]);
  const { processed } = (await statusOf(folder)).memories;
  for (const [at, run] of shown.entries()) {
    // At the command line it is a command to be typed.
    const hint = at < 2 ? "memory-connector sync" : "start a run";
    expect(run).toMatchObject({
      runId,
      outcome: "interrupted",
      endedAt: expect.any(String),
      counts: { failed: 0 },
      errors: [{ code: "RUN_INTERRUPTED", hint: expect.stringContaining(hint) }],
    });
    expect(run.counts).toMatchObject({ new: memories, processed });
    expect(run.counts.submitted).toBe(processed + run.counts.unproved);
    expect(run.counts.waiting + run.counts.unproved + processed).toBe(memories);
  }
  copyFileSync(join(folder, "config.yaml"), join(folder, "other.yaml"));
  const [other] = (await cliJson(folder, "history", "--config", "other.yaml")).runs;
  expect(other.errors[0].hint).toContain("`memory-connector sync --config other.yaml`");
  const typed = await runCli(["status", "--config", "other.yaml"], { cwd: folder });
  expect(typed.out.replaceAll(/\s+/gu, " ")).toContain("`memory-connector sync --config other.yaml`");
  expect((await statusOf(folder)).activeRun).toBeNull();
  expect((await api("/connectors/one/status")).body.activeRun).toBeNull();
  expect((await cliJson(folder, "list")).connectors[0].lastRun).toMatchObject({ outcome: "interrupted" });
  const { out } = await runCli(["status"], { cwd: folder });
  expect(out).toMatch(/last run {2}interrupted, .+, last sign of life after /u);
  expect(out).not.toContain("running");
  expect(readFileSync(join(folder, "memory_sync_state.db")).equals(before)).toBe(true);

  lightrag.options.processingMs = 0;
  expect((await runCli(["sync"], { cwd: folder })).code).toBe(0);
  expect(lightrag.documents()).toHaveLength(memories);
  const { runs } = await cliJson(folder, "history");
  expect(runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["success", "interrupted"]);
  expect(runs[1].endedAt).toBe(shown[0].endedAt);
  await beside.stop();
});

test("the open runs of a service that was killed are active no more, those that waited for their turn neither", async () => {
  const { folder, configure, lightrag } = await makeSlowWorld(memories, 300);
  const one = (id: string) =>
    `{ id: ${id}, context_id: CTX, ingestion: { query_range: all }, schedule: { type: interval, every: 1h } }`;
  configure(
    `advanced: { pipeline: { max_concurrent_connectors: 1 } }\nconnectors: [${one("one")}, ${one("two")}]`,
  );
  const service = await startService(folder, "--scheduler-only");
  const active = async () =>
    (await cliJson(folder, "status")).connectors.map(
      ({ activeRun }: { activeRun: { startedAt: string | null } | null }) =>
        activeRun && (activeRun.startedAt === null ? "queued" : "under way"),
    );
  await eventually(() => lightrag.documents().some(({ status }) => status === "processed"));
  expect((await active()).toSorted()).toEqual(["queued", "under way"]);
  const killed = once(service.child, "exit");
  service.child.kill("SIGKILL");
  await killed;
  expect(await active()).toEqual([null, null]);
  expect((await cliJson(folder, "history")).runs).toMatchObject([{ outcome: "interrupted" }]);
});
