import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, runCli, startCli } from "../support/cli.ts";
import { contractual } from "../support/cli-contract.ts";
import { type ApiMemory, makeApiMemories } from "../support/memory-api-data.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

test("the way of a newcomer: init, validate, check, plan, sync, status, history", async () => {
  const world = await startWorld({ memories: 30 });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });

  const check = await cli("check");
  expect(check.code).toBe(0);
  expect(check.out).toMatch(/^ok .*Memory API/mu);
  expect(check.out).toMatch(/^ok .*LightRAG 1\.5/mu);

  const plan = await cli("plan", "--json");
  expect(contractual("plan", plan.out)).toMatchObject({
    plans: [{ documents: 30, new: 30, truncated: null }],
  });
  expect(world.sink.counts.requests["POST /documents/texts"]).toBeUndefined();

  const sync = await cli("sync");
  expect(sync.code).toBe(0);
  expect(sync.out).toContain("30 proved processed");
  expect(sync.err).toContain("delivering");
  expectExactly(world.sink, world.memories);

  const again = await cli("sync", "--json");
  expect(contractual("sync", again.out)).toMatchObject({
    runs: [{ outcome: "success", counts: { unchanged: 30, submitted: 0 } }],
  });
  expect(again.err).toBe("");

  const status = await cli("status", "--json");
  expect(contractual("status", status.out)).toMatchObject({ connectors: [{ memories: { processed: 30 } }] });
  const history = await cli("history", "--json");
  expect(contractual("history", history.out)).toMatchObject({
    runs: [{ outcome: "success" }, { outcome: "success" }],
  });
  const list = await cli("list", "--json");
  expect(contractual("list", list.out)).toMatchObject({ connectors: [{ id: "c", contextIds: ["CTX"] }] });
});

test("without a configuration file, flags are enough, and the ledger is found again", async () => {
  const world = await startWorld({ memories: 5 });
  const flags = [
    "--api-url",
    world.source.url,
    "--api-key",
    world.source.key,
    "--context-id",
    "CTX",
    "--lightrag-url",
    world.sink.url,
  ];
  const sync = () =>
    runCli(["sync", ...flags, "--state", join(world.folder, "flags.db"), "--json"], {
      cwd: temporaryFolder(),
    });
  expect(contractual("sync", (await sync()).out)).toMatchObject({ runs: [{ counts: { processed: 5 } }] });
  expect(contractual("sync", (await sync()).out)).toMatchObject({
    runs: [{ counts: { new: 0, submitted: 0 } }],
  });
});

test("--dry-run sends nothing, --ids and --since narrow, --force sends again, --no-wait ends on acceptance", async () => {
  const world = await startWorld({ memories: 10, sink: { processingMs: 300 } });
  const counts = async (...args: string[]) => {
    const answer = await runCli(["sync", "--json", ...args], { cwd: world.folder });
    return (contractual("sync", answer.out) as { runs: { counts: Record<string, number> }[] }).runs[0]
      ?.counts;
  };
  const dry = await runCli(["sync", "--dry-run", "--json"], { cwd: world.folder });
  expect(contractual("sync", dry.out)).toMatchObject({ plans: [{ documents: 10 }] });
  expect(world.sink.documents()).toHaveLength(0);
  expect(await counts("--ids", "m1,m2", "--no-wait")).toMatchObject({
    fetched: 2,
    submitted: 2,
    processed: 0,
    unproved: 2,
  });
  expect(await counts("--since", "2025-12-31T23:57:00Z")).toMatchObject({ fetched: 4 });
  expect(await counts()).toMatchObject({ fetched: 10 });
  expect(await counts("--ids", "m1", "--force")).toMatchObject({ changed: 1, deleted: 1, processed: 1 });
  expectExactly(world.sink, world.memories);
});

test("--force sends again what was delivered long ago, too", async () => {
  const world = await startWorld({ memories: 5, connector: { ingestion: { query_range: "auto" } } });
  const counted = async (...args: string[]) => JSON.parse((await runCli(args, { cwd: world.folder })).out);
  await counted("sync", "--json");
  // A list that has been seen to grow is asked for by the time since the last run.
  const sixth = makeApiMemories(6)[5] as ApiMemory;
  world.memories.set(sixth.id, sixth);
  world.source.put("CTX", sixth);
  expect(await counted("sync", "--json")).toMatchObject({ runs: [{ counts: { fetched: 6, new: 1 } }] });
  expect(await counted("sync", "--json")).toMatchObject({ runs: [{ counts: { fetched: 0 } }] });
  expect(await counted("sync", "--force", "--dry-run", "--json")).toMatchObject({
    plans: [{ changed: 6 }],
  });
  expect(await counted("sync", "--force", "--json")).toMatchObject({
    runs: [{ counts: { changed: 6, processed: 6 } }],
  });
  expectExactly(world.sink, world.memories);
});

test("a memory that LightRAG cannot process ends as a dead letter that can be shown, replayed and dropped", async () => {
  const world = await startWorld({ memories: 6, connector: { retry: { max_attempts: 1 } } });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  world.sink.model = { refuseText: "number 3" };
  expect((await cli("sync")).code).toBe(3);
  const listed = await cli("dead-letters", "list", "--json");
  expect(contractual("dead-letters list", listed.out)).toMatchObject({
    deadLetters: [{ memoryId: "m3", error: { code: "SINK_DOCUMENT_FAILED" } }],
  });
  expect((await cli("dead-letters", "show", "m3")).out).toContain("could not process");
  expect((await cli("dead-letters", "replay")).code).toBe(2);
  world.sink.model = {};
  const replayed = await cli("dead-letters", "replay", "--ids", "m3", "--json");
  expect(contractual("dead-letters replay", replayed.out)).toMatchObject({ replayed: 1, memoryIds: ["m3"] });
  expect((await cli("sync")).code).toBe(0);
  expectExactly(world.sink, world.memories);
});

test("a dropped dead letter is left alone until its memory changes", async () => {
  const world = await startWorld({ memories: 3, connector: { retry: { max_attempts: 1 } } });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  world.sink.model = { refuseText: "number 1." };
  await cli("sync");
  expect((await cli("dead-letters", "drop", "--code", "SINK_DOCUMENT_FAILED")).code).toBe(0);
  expect((await cli("sync")).code).toBe(0);
  expect(
    world.sink
      .documents()
      .map((row) => row.file_path)
      .sort(),
  ).toEqual(["m0@CTX.md", "m2@CTX.md"]);
});

test("reset asks first; afterwards what LightRAG holds is adopted", async () => {
  const world = await startWorld({ memories: 8 });
  const cli = (args: string[], answer = false) =>
    runCli(args, { cwd: world.folder, confirm: async () => answer });
  await cli(["sync"]);
  const refused = await cli(["reset", "--connector-id", "c"]);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("NOT_CONFIRMED");
  const reset = await cli(["reset", "--connector-id", "c", "--yes", "--json"]);
  expect(contractual("reset", reset.out)).toEqual({
    connectorId: "c",
    forgotten: 8,
    staysErased: 0,
  });
  const sync = await cli(["sync", "--json"]);
  expect(contractual("sync", sync.out)).toMatchObject({
    runs: [{ counts: { adopted: 8, submitted: 0, processed: 8 } }],
  });
});

test("init writes a file that only its owner may read, never over another, and it is valid", async () => {
  const folder = temporaryFolder();
  const cli = (...args: string[]) => runCli(args, { cwd: folder });
  expect((await cli("init")).code).toBe(0);
  expect(statSync(join(folder, "config.yaml")).mode & 0o777).toBe(0o600);
  const again = await cli("init");
  expect(again.code).toBe(2);
  expect(again.err).toContain("CONFIG_EXISTS");
  const validate = await cli("validate", "--json");
  expect(contractual("validate", validate.out)).toMatchObject({ valid: true });
  expect(validate.out).not.toContain("your-");
});

test("wrong use ends with one clear line, code 2 and no stack trace", async () => {
  const world = await startWorld({ memories: 1 });
  const cases: [string[], string][] = [
    [["statis"], "Did you mean status?"],
    [["sync", "--conector-id", "c"], "--connector-id"],
    [["sync", "--connector-id", "d"], "CONNECTOR_UNKNOWN"],
    [["sync", "--connector-id", "c", "--all"], "exclude each other"],
    [["sync", "--since", "yesterday"], "2025-01-31"],
    [["history", "--limit", "-3"], "whole number"],
    [["status", "--config", "missing.yaml"], "CONFIG_NOT_FOUND"],
    [["dead-letters", "show", "nobody"], "MEMORY_UNKNOWN"],
  ];
  for (const [args, expected] of cases) {
    const answer = await runCli(args, { cwd: world.folder });
    expect(answer.code).toBe(2);
    expect(answer.err).toContain(expected);
    expect(answer.err).toMatch(/^[A-Z_]+: .* · .*/mu);
    expect(answer.err).not.toMatch(/\n\s+at /u);
  }
});

test("a broken configuration shows every problem at once, with --json as one document", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "config.yaml"),
    "memory_api:\n  ulr: http://x\n  timeout: -1\nconnectors:\n  - id: a\n",
  );
  const answer = await runCli(["sync", "--json"], { cwd: folder });
  expect(answer.code).toBe(2);
  expect(JSON.parse(answer.out).error).toMatchObject({ code: "CONFIG_INVALID" });
  for (const part of ["ulr", "url", "timeout", "context_id"]) expect(answer.err).toContain(part);
});

test("a wrong key at either end is named, and nothing is lost", async () => {
  const world = await startWorld({
    memories: 4,
    sink: { apiKey: "right" },
    lightragApi: { api_key: "wrong-key-value" },
  });
  const check = await runCli(["check"], { cwd: world.folder });
  expect(check.code).toBe(1);
  expect(check.out).toMatch(/^FAIL .*SINK_UNAUTHORIZED/mu);
  const sync = await runCli(["sync"], { cwd: world.folder });
  expect(sync.code).toBe(1);
  expect(`${sync.out}${sync.err}${check.out}`).not.toContain("wrong-key-value");
  const config = readFileSync(join(world.folder, "config.yaml"), "utf8");
  writeFileSync(join(world.folder, "config.yaml"), config.replace("wrong-key-value", "right"));
  expect((await runCli(["sync"], { cwd: world.folder })).code).toBe(0);
  expectExactly(world.sink, world.memories);
});

test("a list that the source may have cut off ends partial, with the code and what to do", async () => {
  const world = await startWorld({ memories: 150 });
  world.source.behaviour.cap = 100;
  const sync = await runCli(["sync"], { cwd: world.folder });
  expect(sync.code).toBe(3);
  expect(sync.out).toContain("SOURCE_TRUNCATED");
});

test("Ctrl-C ends the real binary with 130 at a safe point, and the next run completes", async () => {
  const world = await startWorld({ memories: 60, sink: { processingMs: 60 } });
  const child = startCli(["sync"], world.folder);
  const end = ended(child);
  await once(child.stderr ?? child, "data");
  while (world.sink.documents().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGINT");
  const answer = await end;
  expect(answer.code).toBe(130);
  expect(answer.out).toContain("cancelled");
  expect(answer.out).toContain("not come to; the next run goes on with them");
  const [{ counts }] = JSON.parse((await runCli(["history", "--json"], { cwd: world.folder })).out).runs;
  expect(counts.failed).toBe(0);
  expect(counts.processed + counts.unproved + counts.waiting).toBe(60);
  expect((await runCli(["sync"], { cwd: world.folder })).code).toBe(0);
  expectExactly(world.sink, world.memories);
});

test("two processes never run the same connector at once", async () => {
  const world = await startWorld({ memories: 60, sink: { processingMs: 60 } });
  const first = startCli(["sync"], world.folder);
  const end = ended(first);
  while (world.sink.documents().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await runCli(["sync"], { cwd: world.folder });
  expect(second.code).toBe(1);
  expect(second.err).toContain("CONNECTOR_LOCKED");
  expect((await end).code).toBe(0);
});
