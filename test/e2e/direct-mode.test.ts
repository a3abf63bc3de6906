import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { createBuiltinEmbedder } from "../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { Folder } from "../../src/sinks/lightrag/embedded/storage/folder.ts";
import { ended, runCli, startCli } from "../support/cli.ts";
import { contractual } from "../support/cli-contract.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const kept = mkdtempSync(join(tmpdir(), "memory-connector-test-"));
afterAll(() => rmSync(kept, { recursive: true, force: true }));

beforeAll(async () => {
  const demo = await runCli(["demo", "--keep", kept, "--json"], { cwd: kept });
  expect(contractual("demo", demo.out)).toMatchObject({
    run: { outcome: "success", counts: { processed: 61 } },
    kept,
  });
});

const cli = (...args: string[]) => runCli(args, { cwd: kept });

test("a kept demo is asked by its own configuration: questions with their sources, look-ups both ways, exports", async () => {
  const query = await cli("query", "Who dives with Ines?", "--json", "--top-k", "5");
  const found = contractual("query", query.out) as {
    chunks: { memory: { memoryId: string; recordedAt: string } }[];
  };
  expect(found.chunks.map((chunk) => chunk.memory.memoryId)).toContain("voice-007");
  expect(found.chunks[0]?.memory.recordedAt).toMatch(/^2025-09-/u);
  const entity = await cli("graph", "--entity", "Hugo", "--json");
  const view = contractual("graph", entity.out) as { memories: { memoryId: string }[] };
  expect(view.memories.map((memory) => memory.memoryId)).toContain("voice-007");
  expect((await cli("graph", "--memory", "voice-007")).out).toContain("Hugo");
  expect((await cli("graph", "--export", "graphml")).out).toContain("<graphml");
  expect((await cli("graph", "--entity", "hugo")).err).toContain("there are: Hugo");
});

test("memories that stand in the configuration are carried as they are changed, added and removed there", async () => {
  const folder = temporaryFolder();
  cpSync(kept, folder, { recursive: true });
  const file = join(folder, "config.yaml");
  const config = parse(readFileSync(file, "utf8"));
  const [connector] = config.connectors;
  const [first, , ...rest] = connector.source.memories;
  const changed = { ...first, transcript: "Nina: The Gaivota has a new anchor." };
  const added = {
    id: "mine",
    created_at: "2025-10-01T08:00:00+02:00",
    transcript: "The anchor is from Vigo.",
  };
  Object.assign(connector, { on_delete: "propagate", deletions: { grace_listings: 1, grace_period: "1ms" } });
  connector.source.memories = [changed, ...rest, added];
  writeFileSync(file, stringify(config));
  const sync = async () => JSON.parse((await runCli(["sync", "--json"], { cwd: folder })).out).runs[0];
  expect(await sync()).toMatchObject({
    outcome: "success",
    counts: { new: 1, changed: 1, processed: 2, missing: 1 },
  });
  expect(await sync()).toMatchObject({ counts: { new: 0, changed: 0, vanished: 1, deleted: 1 } });
  const listed = (await runCli(["memories", "--json"], { cwd: folder })).out;
  expect(listed).toContain('"mine"');
  expect(await sync()).toMatchObject({ counts: { unchanged: 63, vanished: 0, deleted: 0, submitted: 0 } });
});

test("questions are answered while another process writes to the folder, and the writer is named to a second one", async () => {
  const writer = await Folder.open(join(kept, "lightrag"), createBuiltinEmbedder());
  onTestFinished(() => writer.close());
  expect((await cli("query", "Who dives with Ines?")).out).toContain("voice-007");
  expect(await cli("graph", "--top", "1")).toMatchObject({ code: 0, err: "" });
  const lastRun = async () => JSON.parse((await cli("history", "--json")).out).runs[0].runId;
  const before = await lastRun();
  const { code, err } = await cli("sync");
  expect(code).toBe(1);
  expect(err).toMatch(
    /DIRECT_FOLDER_LOCKED: .* in use by process .*`memory-connector trigger --connector-id /su,
  );
  expect(await lastRun()).toBe(before);
});

test("a demo that is cancelled ends soon and leaves nothing behind", async () => {
  const temporary = temporaryFolder();
  const demo = startCli(["demo"], temporary, { TMPDIR: temporary });
  const end = ended(demo);
  await once(demo.stderr ?? demo, "data");
  expect(demoFolders(temporary)).toHaveLength(1);
  demo.kill("SIGINT");
  const { code, err } = await end;
  expect(code).toBe(130);
  expect(err).toContain("CANCELLED");
  expect(demoFolders(temporary)).toEqual([]);
});

test("a demo does not replace a configuration that it has not written", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.yaml"), "connectors: []\n");
  const { code, err } = await runCli(["demo", "--keep", folder], { cwd: folder });
  expect(code).toBe(2);
  expect(err).toContain("CONFIG_EXISTS");
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
});

test("a question to a folder that is not there says so and makes none", async () => {
  const folder = temporaryFolder();
  writeConfig(folder, {});
  const { code, err } = await runCli(["query", "Anything?"], { cwd: folder });
  expect(code).toBe(2);
  expect(err).toContain("DIRECT_FOLDER_MISSING");
  expect(readdirSync(folder)).not.toContain("lightrag");
});

test("a model that does not answer is found out by check, with its address", async () => {
  const folder = temporaryFolder();
  const llm = { provider: "openai-compatible", base_url: "http://127.0.0.1:1/v1", model: "m", retries: 0 };
  writeConfig(folder, { llm });
  const { code, out } = await runCli(["check"], { cwd: folder });
  expect(code).toBe(1);
  expect(out).toMatch(/^FAIL .* models: MODEL_UNREACHABLE: m@127\.0\.0\.1:1 .*ECONNREFUSED/mu);
});

test("another embedding model than the folder's is refused with the fix", async () => {
  const folder = temporaryFolder();
  const embedding = {
    provider: "openai-compatible",
    base_url: "http://127.0.0.1:1/v1",
    model: "m",
    dimension: 512,
  };
  writeConfig(folder, { working_dir: join(kept, "lightrag"), embedding });
  const { code, err } = await runCli(["graph"], { cwd: folder });
  expect(code).toBe(2);
  expect(err).toMatch(/DIRECT_EMBEDDING_CHANGED.*builtin:lexical-512-v1.*new `working_dir`/u);
});

test("a folder that cannot be one is named", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "occupied"), "");
  writeConfig(folder, { working_dir: join(folder, "occupied") });
  const { code, out } = await runCli(["sync"], { cwd: folder });
  expect(code).toBe(1);
  expect(out).toMatch(/DIRECT_FOLDER_UNUSABLE.*occupied/u);
});

/** Node keeps its compiled code beside them. */
function demoFolders(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith("memory-connector"));
}

function writeConfig(folder: string, direct: Record<string, unknown>): void {
  const config = {
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag", ...direct } },
    memory_api: { url: "http://127.0.0.1:1", api_key: "x", max_retries: 0 },
    connectors: [{ id: "demo", context_id: "DEMO" }],
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
}
