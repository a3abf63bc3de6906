import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startWorld } from "../support/sync-world.ts";

test("reconcile says what differs and ends with 3, repairs it, and erase removes one memory and proves it", async () => {
  const world = await startWorld({ memories: 5 });
  const run = (...args: string[]) => runCli(args, { cwd: world.folder });
  expect((await run("sync", "--json")).code).toBe(0);
  const [lost] = world.sink.documents();
  world.sink.lose(lost?.id ?? "");
  const told = await run("reconcile");
  expect(told.code).toBe(3);
  expect(told.out).toContain("c: out of step");
  expect(told.out).toMatch(/1 delivered, and not in LightRAG: m\d/u);
  const repaired = await run("reconcile", "--repair");
  expect(repaired.code, repaired.out).toBe(0);
  expect(repaired.out).toContain("repaired");
  expect(world.sink.documents()).toHaveLength(5);

  expect(await run("erase", "--memory", "m3", "--json")).toMatchObject({ code: 2 });
  const erased = await run("erase", "--memory", "m3", "--yes");
  expect(erased).toMatchObject({ code: 0 });
  expect(erased.out).toContain('has no document "m3@CTX.md"');
  const { out } = await run("sync", "--json");
  expect(JSON.parse(out).runs[0]).toMatchObject({
    outcome: "success",
    counts: { unchanged: 5, submitted: 0 },
  });
  expect(world.sink.documents()).toHaveLength(4);

  const reset = await run("reset", "--connector-id", "c", "--yes");
  expect(reset.out).toContain("1 erased memory will not come back");
  for (const again of [["sync"], ["sync", "--ids", "m3", "--force"]]) await run(...again);
  expect(world.sink.documents()).toHaveLength(4);
  const notErased = await run("erase", "--memory", "m4", "--undo", "--yes");
  expect(notErased).toMatchObject({ code: 2, err: expect.stringContaining("MEMORY_UNKNOWN") });
  expect(await run("erase", "--memory", "never-seen", "--yes")).toMatchObject({ code: 0 });
  const undone = await run("erase", "--memory", "m3", "--undo", "--yes");
  expect(undone.out).toContain("m3 of CTX (c): the next sync takes it up again");
  expect((await run("sync")).code).toBe(0);
  expect(world.sink.documents()).toHaveLength(5);

  const { entries } = JSON.parse((await run("audit", "list", "--json")).out);
  expect(entries).toMatchObject([
    { action: "memory.allow-again", subject: "m3" },
    { action: "memory.erase", subject: "never-seen" },
    { action: "connector.reset", subject: "c", after: { forgotten: 5, staysErased: 1 } },
    { action: "memory.erase", subject: "m3", after: { connectorId: "c", remaining: 0 } },
    { action: "ledger.reconcile", subject: "c", before: { missing: { count: 1 } } },
  ]);
});

test("backfill runs the connector until the old memories are delivered, and status shows what was asked for", async () => {
  const ingestion = { query_range: "day", query_limit: 2000, backfill_per_run: 3 };
  const world = await startWorld({ memories: 8, connector: { ingestion } });
  const run = (...args: string[]) => runCli(args, { cwd: world.folder });
  expect(await run("backfill", "--since", "2030-01-01", "--until", "2020-01-01")).toMatchObject({ code: 2 });
  const asked = await run("backfill", "--since", "2000-01-01", "--later", "--json");
  expect(JSON.parse(asked.out).backfills[0]).toMatchObject({ backfill: { finishedAt: null }, runs: [] });
  expect((await run("status")).out).toMatch(/backfill {2}from/u);
  const done = await run("backfill", "--since", "2000-01-01", "--json");
  expect(done.code, done.out).toBe(0);
  const { runs } = JSON.parse(done.out).backfills[0];
  expect(runs.map((one: { counts: { processed: number } }) => one.counts.processed)).toEqual([3, 3, 2]);
  expect(world.sink.documents()).toHaveLength(8);
  const status = JSON.parse((await run("status", "--json")).out);
  expect(status.connectors[0].backfill.finishedAt).not.toBeNull();
});
