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
  expect(await run("erase", "--memory", "nobody", "--yes")).toMatchObject({ code: 2 });
  const erased = await run("erase", "--memory", "m3", "--yes");
  expect(erased).toMatchObject({ code: 0 });
  expect(erased.out).toContain('has no document "m3@CTX.md"');
  const { out } = await run("sync", "--json");
  expect(JSON.parse(out).runs[0]).toMatchObject({
    outcome: "success",
    counts: { unchanged: 5, submitted: 0 },
  });
  expect(world.sink.documents()).toHaveLength(4);
});
