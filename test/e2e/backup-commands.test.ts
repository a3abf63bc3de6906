import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { exportCommand } from "../../src/cli/commands/export.ts";
import { restoreCommand } from "../../src/cli/commands/restore.ts";
import { runCli } from "../support/cli.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** Parses stdout and holds it against the contract of the command. */
function contractual(command: typeof exportCommand, out: string) {
  return command.json?.parse(JSON.parse(out));
}

test("moving to another machine and backend: export, restore, and the next sync sends nothing again", async () => {
  const world = await startWorld({ memories: 30 });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  await cli("sync");
  const written = await cli("export", "all.tar.gz", "--with-documents", "--json");
  expect(contractual(exportCommand, written.out)).toMatchObject({
    records: { ledger: 30, syncStates: 1, runs: 1, documents: 30 },
    incomplete: [],
  });
  const archive = join(world.folder, "all.tar.gz");
  const content = gunzipSync(readFileSync(archive)).toString();
  for (const { id } of world.memories.values()) expect(content).toContain(`${id}@CTX.md`);

  const elsewhere = temporaryFolder();
  const config = JSON.parse(readFileSync(join(world.folder, "config.yaml"), "utf8"));
  config.state = { backend: "json", path: "./moved.json" };
  writeFileSync(join(elsewhere, "config.yaml"), JSON.stringify(config));
  const there = (...args: string[]) => runCli(args, { cwd: elsewhere });
  expect((await there("restore", archive, "--check")).out).toContain("30 memories of the ledger");
  const restored = await there("restore", archive, "--json");
  expect(contractual(restoreCommand, restored.out)).toMatchObject({ restored: true, keptAs: null });
  expect((await there("audit", "list")).out).toContain("state.restore");
  const before = world.sink.counts.requests["POST /documents/texts"];
  const sync = await there("sync", "--json");
  expect(JSON.parse(sync.out).runs[0].counts).toMatchObject({ unchanged: 30, submitted: 0, adopted: 0 });
  expect(world.sink.counts.requests["POST /documents/texts"]).toBe(before);
  expectExactly(world.sink, world.memories);

  expect(await there("restore", archive)).toMatchObject({ code: 2 });
  expect((await there("restore", archive, "--replace")).out).toContain("kept as");
});

test("a list of memories that may be cut off makes the export partial, and it says so", async () => {
  const world = await startWorld({ memories: 30, memoryApi: { max_limit: 10 } });
  const config = JSON.parse(readFileSync(join(world.folder, "config.yaml"), "utf8"));
  config.connectors[0].ingestion.query_limit = 10;
  writeFileSync(join(world.folder, "config.yaml"), JSON.stringify(config));
  await runCli(["sync"], { cwd: world.folder });
  const written = await runCli(["export", "all.tar.gz", "--with-documents"], { cwd: world.folder });
  expect(written.code).toBe(3);
  expect(written.err).toContain("may be cut off");
});

test("the graph goes into the archive with everything that LightRAG knows", async () => {
  const folder = temporaryFolder();
  await runCli(["demo", "--keep", folder], { cwd: folder });
  const config = {
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag" } },
    memory_api: { url: "http://127.0.0.1:1", api_key: "x" },
    connectors: [{ id: "demo", context_id: "DEMO" }],
    state: { path: "./state.db" },
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const cli = (...args: string[]) => runCli(args, { cwd: folder });
  const written = contractual(
    exportCommand,
    (await cli("export", "graph.tar.gz", "--with-graph", "--json")).out,
  );
  const graph = JSON.parse((await cli("graph", "--export", "json")).out);
  expect(written).toMatchObject({
    records: { entities: graph.entities.length, relations: graph.relations.length },
  });
  expect(graph.entities.length).toBeGreaterThan(20);
  const checked = await cli("restore", "graph.tar.gz", "--check");
  expect(checked.code).toBe(0);
});

test("changing the backend: migrate, change the configuration as told, and nothing is sent again", async () => {
  const world = await startWorld({ memories: 12, backend: "json" });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  await cli("sync");
  expect((await cli("backup", "copy.json")).code).toBe(0);
  const migrated = await cli("state", "migrate", "--to", "sqlite");
  expect(migrated.out).toContain(
    `set state.backend to sqlite and state.path to ${join(world.folder, "state.db")}`,
  );
  const config = JSON.parse(readFileSync(join(world.folder, "config.yaml"), "utf8"));
  config.state = { backend: "sqlite", path: "./state.db" };
  writeFileSync(join(world.folder, "config.yaml"), JSON.stringify(config));
  const sync = await cli("sync", "--json");
  expect(JSON.parse(sync.out).runs[0].counts).toMatchObject({ unchanged: 12, submitted: 0 });

  const back = await cli("state", "migrate", "--from", "copy.json", "--to", "sqlite", "--json");
  expect(back.code).toBe(2);
  const replaced = await cli("state", "migrate", "--from", "copy.json", "--to", "sqlite", "--replace");
  expect(replaced.out).toContain("kept as");
  expect(JSON.parse((await cli("history", "--json")).out).runs).toHaveLength(1);
});
