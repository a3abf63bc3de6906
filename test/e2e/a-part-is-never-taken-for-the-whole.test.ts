import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { startWorld } from "../support/sync-world.ts";

const day = 86_400_000;
const recent = (count: number, agoMs = 60_000) => makeApiMemories(count, Date.now() - agoMs);

async function worldWith(ingestion: Record<string, unknown>, connector: Record<string, unknown> = {}) {
  const world = await startWorld({ memories: 0, connector: { ingestion, ...connector } });
  const run = async (...args: string[]) => runCli(args, { cwd: world.folder });
  const sync = async () => JSON.parse((await run("sync", "--json")).out).runs[0];
  return { ...world, run, sync };
}

test("a connector without query_range brings everything", async () => {
  const world = await worldWith({});
  world.source.put(
    "CTX",
    ...recent(4),
    ...recent(3, 300 * day).map((memory) => ({ ...memory, id: `old-${memory.id}` })),
  );
  expect(await world.sync()).toMatchObject({
    outcome: "success",
    counts: { processed: 7 },
    scope: { queryRange: "auto" },
  });
  expect((await world.run("status")).out).toMatch(
    /scope {5}everything; the whole list at the next run after/,
  );
});

test("a server that shows a week for everything is not believed, and what a month shows beside it is delivered", async () => {
  const world = await worldWith({});
  world.source.behaviour.ranges = ["day", "week", "month"];
  world.source.put(
    "CTX",
    ...recent(4),
    ...recent(3, 20 * day).map((memory) => ({ ...memory, id: `older-${memory.id}` })),
  );
  expect(await world.sync()).toMatchObject({
    outcome: "partial",
    counts: { processed: 7 },
    truncated: expect.stringContaining("does not know the range"),
  });
  world.source.behaviour.ranges = undefined;
  expect(await world.sync()).toMatchObject({ outcome: "success", truncated: null });
});

test("plan, sync, status and reconcile say what lies outside of a fixed range; --repair does not send it", async () => {
  const world = await worldWith({ query_range: "week" });
  world.source.put(
    "CTX",
    ...recent(4),
    ...recent(3, 300 * day).map((memory) => ({ ...memory, id: `old-${memory.id}` })),
  );
  const said = "the last week; 3 older memories are outside: set query_range to auto or all to bring them";
  expect((await world.run("plan")).out).toContain(said);
  expect((await world.run("sync")).out).toContain(said);
  expect((await world.run("status")).out).toContain(said);
  const told = await world.run("reconcile");
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining("in step") });
  expect(told.out).toContain("memory-connector backfill --connector-id c --since");
  expect((await world.run("reconcile", "--repair")).code).toBe(0);
  expect(world.sink.documents()).toHaveLength(4);
  expect(await world.run("backfill", "--connector-id", "c", "--since", "2000-01-01")).toMatchObject({
    code: 0,
  });
  expect(world.sink.documents()).toHaveLength(7);
});

test("a memory that is named and not there ends plan and sync with 3, by name", async () => {
  const world = await worldWith({});
  world.source.put("CTX", ...recent(2));
  for (const command of ["sync", "plan"]) {
    const { code, out } = await world.run(command, "--ids", "nope");
    expect({ code, out }).toMatchObject({ code: 3, out: expect.stringContaining("nope") });
  }
});

test("new memories that push old ones off a capped list delete nothing, in any number of runs", async () => {
  const deletions = { grace_listings: 1, grace_period: 0 };
  const world = await worldWith({ query_limit: 100 }, { on_delete: "propagate", deletions });
  world.source.behaviour.cap = 50;
  world.source.put("CTX", ...recent(49));
  expect((await world.sync()).outcome).toBe("success");
  const arrivals = recent(8, 0).map((memory) => ({ ...memory, id: `new-${memory.id}` }));
  for (const memory of arrivals) {
    world.source.put("CTX", memory);
    await world.sync();
  }
  expect(await world.sync()).toMatchObject({ outcome: "partial", errors: [{ code: "SOURCE_TRUNCATED" }] });
  expect(world.sink.documents()).toHaveLength(57);
  world.source.behaviour.cap = undefined;
  expect(await world.sync()).toMatchObject({ outcome: "success" });
  expect(world.sink.documents()).toHaveLength(57);
});

test("lost transcripts are held, what waits is told, and the command that the hint names lets the removal through", async () => {
  const world = await worldWith({});
  world.source.put("CTX", ...recent(10));
  await world.sync();
  for (const memory of recent(10).slice(0, 4)) world.source.put("CTX", { ...memory, transcript: "" });
  const held = await world.sync();
  expect(held).toMatchObject({ outcome: "partial", errors: [{ code: "DELETIONS_SUSPECT" }] });
  expect(world.sink.documents()).toHaveLength(10);
  const [, command = ""] = /`memory-connector ([^`]+)`/.exec(held.errors[0].hint) ?? [];
  expect(await world.run(...command.split(" "))).toMatchObject({ code: 0 });
  expect(world.sink.documents()).toHaveLength(6);
  expect((await world.run("status")).out).toContain("4 memories for a transcript");
});
