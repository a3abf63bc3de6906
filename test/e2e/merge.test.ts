import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startWorld } from "../support/sync-world.ts";

const said = [
  "Alice Smith bought bread.",
  "Bob Jones called Alice Smith.",
  "The boat of Bob Jones was late.",
];
const group = "2026-01-01~41.9_12.5@CTX.md";

test("notes that share a document are planned, delivered and found again one by one", async () => {
  const world = await startWorld({
    memories: said.length,
    transcript: (index) => said[index] ?? "",
    lightrag: { mode: "direct", direct: { working_dir: "./graph" } },
    connector: {
      ingestion: { query_range: "all", query_limit: 2000 },
      transformation: { merge: "day", merge_quiet: "0s", merge_max_characters: 30 },
      timezone: "UTC",
    },
  });
  for (const [index, transcript] of said.entries()) {
    const created_at = `2026-01-01T10:0${index}:00Z`;
    world.source.put("CTX", { ...world.memories.get(`m${index}`), id: `m${index}`, transcript, created_at });
  }
  const ask = async (...args: string[]) => {
    const { code, out, err } = await runCli([...args, "--json"], { cwd: world.folder });
    expect(code, err || out).toBe(0);
    return JSON.parse(out);
  };
  expect((await ask("plan")).plans[0]).toMatchObject({ new: 3, documents: 2 });
  const { runs } = await ask("sync");
  expect(runs[0]).toMatchObject({ outcome: "success", counts: { new: 3, processed: 2, skipped: 0 } });

  const { memories } = await ask("graph", "--entity", "Alice Smith");
  expect(memories).toMatchObject([
    { fileSource: group, memoryId: "m0", memoryIds: ["m0", "m1"], contextId: "CTX" },
    { fileSource: group, memoryId: "m1", memoryIds: ["m0", "m1"], contextId: "CTX" },
  ]);
  const { entities } = await ask("graph", "--memory", "m1");
  expect(entities.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["Alice Smith", "Bob Jones"]),
  );
  const { chunks } = await ask("query", "Who called Alice Smith?");
  expect(chunks.map(({ memory }: { memory: object }) => memory)).toContainEqual(
    expect.objectContaining({ memoryIds: ["m0", "m1"], recordedAt: "2026-01-01T10:00:00.000Z" }),
  );
  const shown = await runCli(["graph", "--entity", "Alice Smith"], { cwd: world.folder });
  expect(shown.out).toMatch(/Memories\n {2}m0\n {2}m1/u);
});
