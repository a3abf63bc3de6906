import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { openState } from "../../src/state/open-state.ts";
import { runCli } from "../support/cli.ts";
import { runRecord } from "../support/run-record.ts";
import { cliJson, makeWorld } from "../support/service.ts";

const backends = ["sqlite", "json"] as const;
const aYearMs = 365 * 86_400_000;

/** A state whose one run was written while the clock was a year ahead. */
async function makeWorldOfTheFuture(backend: (typeof backends)[number]) {
  const world = await makeWorld(2);
  const { folder, configure } = world;
  configure(
    `state: { backend: ${backend}, path: state }\nconnectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]`,
  );
  const state = await openState({
    backend,
    path: join(folder, "state"),
    clock: systemClock,
    onWarning: () => undefined,
    readOnly: false,
  });
  await state.saveRun(runRecord({ runId: "future", connectorId: "one", startedAt: Date.now() + aYearMs }));
  await state.close();
  return world;
}

test.each(backends)(
  "the last run is the one that came last, in the state %s and in its archives",
  async (backend) => {
    const { folder } = await makeWorldOfTheFuture(backend);
    const lastRuns = async () => ({
      status: (await cliJson(folder, "status")).connectors[0].lastRun.runId,
      list: (await cliJson(folder, "list")).connectors[0].lastRun.runId,
      history: (await cliJson(folder, "history")).runs.map(({ runId }: { runId: string }) => runId),
    });
    const [first] = (await cliJson(folder, "sync")).runs;
    const [second] = (await cliJson(folder, "sync")).runs;
    const right = {
      status: second.runId,
      list: second.runId,
      history: [second.runId, first.runId, "future"],
    };
    expect(await lastRuns()).toEqual(right);
    const page = await cliJson(folder, "history", "--limit", "1");
    expect((await cliJson(folder, "history", "--limit", "1", "--after", page.next)).runs[0].runId).toBe(
      first.runId,
    );
    expect(Date.parse(second.startedAt)).toBeLessThanOrEqual(Date.now());
    await runCli(["export", "a.tar.gz"], { cwd: folder });
    expect(await runCli(["restore", "a.tar.gz", "--replace"], { cwd: folder })).toMatchObject({ code: 0 });
    expect(await lastRuns()).toEqual(right);
  },
);
