import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type * as z from "zod";
import type { MemorySource } from "../../src/sources/memory-source.ts";
import { projectOf } from "../support/project-of-pages.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import type { Shown } from "./memory-source-suite.ts";

const page = projectOf("sources.md");
const { notesSettings, toNotesConfig } = await page.load<{
  notesSettings: z.ZodObject;
  toNotesConfig(settings: unknown, place: { folder: string }): { name: string };
}>("src/sources/notes/settings.ts");
const { NotesSource } = await page.load<{ NotesSource: new (folder: string) => MemorySource }>(
  "src/sources/notes/source.ts",
);
const { describeMemorySource } = await page.load<typeof import("./memory-source-suite.ts")>(
  "test/contract/memory-source-suite.ts",
);
const { quickHarness } = await page.load<typeof import("../support/sync-harness.ts")>(
  "test/support/sync-harness.ts",
);
const { runCli } = await page.load<typeof import("../support/cli.ts")>("test/support/cli.ts");

/** The source over a folder with these notes, as the configuration would build it. */
function notes() {
  const folder = temporaryFolder();
  const { name } = toNotesConfig(notesSettings.parse({ folder: "notes" }), { folder });
  mkdirSync(join(name, "CTX"), { recursive: true });
  const write = (id: string, text: string) => writeFileSync(join(name, "CTX", `${id}.txt`), text);
  const remove = (id: string) => rmSync(join(name, "CTX", `${id}.txt`));
  return { source: new NotesSource(name), write, remove };
}

describeMemorySource({
  name: "that of the page",
  start: async () => {
    const { source, write, remove } = notes();
    const shown = new Set<string>();
    const show = ({ good, broken = [] }: Shown) => {
      for (const id of shown) remove(id);
      shown.clear();
      for (const { id, flaw } of broken) write(id, `no time, ${flaw}`);
      for (const { id, transcript } of good) write(id, `2026-01-01T00:00:00Z\n${transcript}`);
      for (const { id } of [...good, ...broken]) shown.add(id);
    };
    return { source, show };
  },
});

test("it is synced: new, changed and deleted files, and nothing else", async () => {
  const { source, write, remove } = notes();
  write("a", "2026-01-01T00:00:00Z\nabout a");
  write("b", "2026-01-02T00:00:00Z\nabout b");
  const deletions = { policy: "propagate", graceListings: 1, maxPercent: 100 } as const;
  const sync = await quickHarness({
    queryRange: "all",
    deletions: { ...deletions, gracePeriodMs: 0, alwaysAllowed: 1 },
  });
  const { run } = sync.with({ source });
  expect((await run()).counts).toMatchObject({ new: 2, processed: 2 });
  write("a", "2026-01-01T00:00:00Z\nsomething else");
  remove("b");
  expect((await run()).counts).toMatchObject({ changed: 1, unchanged: 0 });
  expect(Array.from(sync.sink.documents.values(), ({ text }) => text.includes("something else"))).toEqual([
    true,
  ]);
});

test("a folder that is not there is a context that is not there", async () => {
  await expect(notes().source.check("OTHER", new AbortController().signal)).rejects.toMatchObject({
    code: "SOURCE_CONTEXT_NOT_FOUND",
  });
});

test("the configuration names it, and a run delivers its notes", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "notes/CTX"), { recursive: true });
  writeFileSync(join(folder, "notes/CTX/a.txt"), "2026-01-01T00:00:00Z\nIvan mends the kayak.");
  writeFileSync(
    join(folder, "config.yaml"),
    `connectors: [{ id: one, context_id: CTX, source: { type: notes, folder: ./notes } }]
lightrag: { mode: direct, direct: { working_dir: ./lightrag } }
`,
  );
  expect(await runCli(["sync", "--all"], { cwd: folder })).toMatchObject({ code: 0 });
  const { out } = await runCli(["memories", "--connector-id", "one", "--json"], { cwd: folder });
  expect(JSON.parse(out).memories).toMatchObject([{ memoryId: "a", status: "processed" }]);
});
