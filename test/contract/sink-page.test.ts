import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LightRagClient } from "../../src/sinks/lightrag/light-rag-client.ts";
import { projectOf } from "../support/project-of-pages.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import type { SinkHarness } from "./light-rag-client-suite.ts";

const page = projectOf("adding-a-sink.md");
const { FolderClient } = await page.load<{ FolderClient: new (folder: string) => LightRagClient }>(
  "src/sinks/lightrag/folder/folder-client.ts",
);
const { memoryOf, quickHarness } = await page.load<typeof import("../support/sync-harness.ts")>(
  "test/support/sync-harness.ts",
);

const { driftWorld } = await page.load<typeof import("../support/drift-world.ts")>(
  "test/support/drift-world.ts",
);

const never = new AbortController().signal;

/** A sync of two memories into a folder, done once. */
async function synced() {
  const folder = join(temporaryFolder(), "documents");
  const sink = new FolderClient(folder);
  const deletions = { policy: "propagate", graceListings: 1, maxPercent: 100 } as const;
  const sync = await quickHarness({
    queryRange: "all",
    deletions: { ...deletions, gracePeriodMs: 0, alwaysAllowed: 1 },
  });
  sync.source.memories = [memoryOf("a"), memoryOf("b")];
  const { run } = sync.with({ sink });
  const files = () => readdirSync(folder).toSorted();
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  return { ...sync, folder, sink, run, files, read, write, first: await run() };
}

test("each memory becomes a file that holds its text, and the next run sends nothing", async () => {
  const { first, run, files, read } = await synced();
  expect(first).toMatchObject({ outcome: "success", counts: { new: 2, processed: 2 } });
  expect(files()).toEqual(["a@CTX.md", "b@CTX.md"]);
  expect(read("a@CTX.md")).toContain("what a says");
  expect((await run()).counts).toMatchObject({ unchanged: 2, submitted: 0 });
});

test("a changed memory replaces its file, and a deleted one takes it away", async () => {
  const { source, run, files, read } = await synced();
  source.memories = [memoryOf("a", { transcript: "something else" })];
  expect((await run()).counts).toMatchObject({ changed: 1, processed: 1, deleted: 2 });
  expect(files()).toEqual(["a@CTX.md"]);
  expect(read("a@CTX.md")).toContain("something else");
});

test("after a lost state whole files are adopted, and half a file is written anew", async () => {
  const { state, run, read, write } = await synced();
  const whole = read("b@CTX.md");
  write("b@CTX.md", whole.slice(0, 20));
  await state.resetConnector("c");
  expect((await run()).counts).toMatchObject({ adopted: 1, processed: 2 });
  expect(read("b@CTX.md")).toBe(whole);
});

test("a file that somebody changed is found by a reconciliation and written anew", async () => {
  const folder = join(temporaryFolder(), "documents");
  const underTest = { makeClient: () => new FolderClient(folder), stop: async () => {} };
  const world = await driftWorld({ start: async () => underTest } as unknown as SinkHarness, "memory", 3);
  await world.run();
  writeFileSync(join(folder, "m1@CTX.md"), "Somebody was here.");
  expect((await world.run()).counts).toMatchObject({ unchanged: 3, submitted: 0 });
  const { drift, repair } = await world.reconcile({ repair: true });
  expect(drift).toMatchObject({ changed: { count: 1, examples: ["m1"] }, missing: { count: 0 } });
  expect(repair?.run?.counts).toMatchObject({ processed: 1 });
  await world.expectWhole();
});

test("what no sink takes is refused and the rest is taken; ids that are not there are fine", async () => {
  const { sink, files } = await synced();
  const outcomes = await sink.submit(
    [
      { fileSource: "../outside.md", text: "x" },
      { fileSource: "empty.md", text: " \n" },
      { fileSource: "good.md", text: "x" },
    ],
    never,
  );
  expect(outcomes).toMatchObject([
    { kind: "rejected", error: { code: "SINK_REJECTED" } },
    { kind: "rejected", error: { code: "SINK_REJECTED" } },
    { kind: "accepted" },
  ]);
  await sink.remove(["good.md", "nowhere.md"], never);
  expect(files()).toEqual(["a@CTX.md", "b@CTX.md"]);
});

test("every file is listed as `find` shows it, and a call that was given up does nothing", async () => {
  const { sink } = await synced();
  for await (const records of sink.list(never)) expect(await sink.find(records, never)).toEqual(records);
  const gone = AbortSignal.abort();
  await expect(sink.find([{ documentId: "a@CTX.md", fileSource: "a@CTX.md" }], gone)).rejects.toThrow();
  await expect(sink.submit([{ fileSource: "new.md", text: "x" }], gone)).rejects.toThrow();
});

test("a folder that cannot be made ends the run with a code", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  await expect(new FolderClient(join(file, "documents")).connect(never)).rejects.toMatchObject({
    code: "SINK_UNREACHABLE",
  });
});
