import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

/** Memories of the configuration itself: `tags` of each by its id. */
async function chosenWorld() {
  const { folder, lightrag, configure } = await makeWorld(0);
  const declare = (filter: string | null, memories: Readonly<Record<string, string>>) =>
    configure(`connectors:
  - id: family
    context_id: CTX
    schedule: { type: manual }
    ingestion: ${JSON.stringify(filter === null ? {} : { filter })}
    source:
      type: in_memory
      memories: ${JSON.stringify(
        Object.entries(memories).map(([id, tag]) => ({
          id,
          created_at: "2026-03-01T08:15:00Z",
          transcript: `Memory ${id} is told.`,
          tags: [tag],
        })),
      )}`);
  const run = (...args: string[]) => runCli(args, { cwd: folder });
  const told = () =>
    [...lightrag.texts().values()].map((text) => /Memory (\w+) is told/u.exec(text)?.[1]).toSorted();
  return { declare, run, told };
}

const many = (tag: string) => Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`m${n}`, tag]));

test("only what fits the filter is sent; what fits no more is withdrawn, and comes back when it fits", async () => {
  const { declare, run, told } = await chosenWorld();
  declare("tag = family", { a: "family", b: "work", c: "Family" });
  expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("2 proved processed") });
  expect(told()).toEqual(["a", "c"]);
  expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
  declare("tag = family", { a: "work", b: "family", c: "Family" });
  expect(await run("sync")).toMatchObject({ code: 0 });
  expect(told()).toEqual(["b", "c"]);
  declare("tag = family", { a: "family", b: "family", c: "Family" });
  expect(await run("sync")).toMatchObject({ code: 0 });
  expect(told()).toEqual(["a", "b", "c"]);
});

test("a filter that would empty LightRAG is held until somebody says that it is right; plan shows it before", async () => {
  const { declare, run, told } = await chosenWorld();
  declare(null, many("work"));
  await run("sync");
  expect(told()).toHaveLength(12);
  declare("tag = family", many("work"));
  expect(await run("plan")).toMatchObject({ out: expect.stringMatching(/12 changed.*12 skipped/u) });
  expect(await run("sync")).toMatchObject({ code: 3, out: expect.stringContaining("DELETIONS_SUSPECT") });
  expect(told()).toHaveLength(12);
  expect(await run("sync", "--accept-deletions")).toMatchObject({ code: 0 });
  expect(told()).toEqual([]);
});

test("a filter that cannot be read is refused with its place, before anything is sent", async () => {
  const { declare, run } = await chosenWorld();
  declare("tag is family", {});
  const refused = await run("sync");
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.out + refused.err).toContain("has is at character 5, where =, != or contains is expected");
});

test("the days of a filter are whole days of the connector", async () => {
  const { folder, configure } = await makeWorld(0);
  const memories = ["2025-12-31T22:30:00Z", "2025-12-31T23:30:00Z"].map((at, n) => ({
    ...{ id: `m${n}`, created_at: at, transcript: "It is told.", tags: [] },
  }));
  configure(`connectors:
  - id: last-year
    context_id: CTX
    timezone: Europe/Berlin
    ingestion: { filter: "time <= 2025-12-31" }
    source: ${JSON.stringify({ type: "in_memory", memories })}`);
  expect(await runCli(["sync"], { cwd: folder })).toMatchObject({ code: 0 });
  const { out } = await runCli(["memories", "--status", "processed", "--json"], { cwd: folder });
  expect(JSON.parse(out).memories.map(({ memoryId }: { memoryId: string }) => memoryId)).toEqual(["m0"]);
});
