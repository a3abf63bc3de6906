import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type * as z from "zod";
import type { MemorySource } from "../../src/sources/memory-source.ts";
import { quickHarness } from "../support/sync-harness.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { describeMemorySource, type Shown } from "./memory-source-suite.ts";

/** The source that the page writes, taken from the page: its files, as if they lay where it says. */
const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/sources.md"), "utf8");
const files = Array.from(
  page.matchAll(/```ts\n\/\/ (src\/sources\/\S+)\n(.*?)```/gsu),
  ([, path = "", text = ""]) => ({
    path,
    text,
  }),
);

/** What is imported is the real thing, from wherever the file lies. */
function placed(path: string, text: string): string {
  return text.replaceAll(/from "(?!node:)([^"]+)"/gu, (_, name: string) => {
    const target = name.startsWith(".") ? join(root, dirname(path), name) : import.meta.resolve(name);
    return `from "${target}"`;
  });
}

interface PageModules {
  notesSettings: z.ZodObject;
  toNotesConfig(settings: unknown, folder: string): { name: string };
  NotesSource: new (folder: string) => MemorySource;
}

const place = mkdtempSync(join(tmpdir(), "memory-connector-test-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function modules(): Promise<PageModules> {
  const loaded = files.map(({ path, text }) => {
    const file = join(place, path.replaceAll("/", "-"));
    writeFileSync(file, placed(path, text));
    return import(/* @vite-ignore */ file);
  });
  return Object.assign({}, ...(await Promise.all(loaded)));
}

const { notesSettings, toNotesConfig, NotesSource } = await modules();

/** The source over a folder with these notes, as the configuration would build it. */
function notes() {
  const folder = temporaryFolder();
  const { name } = toNotesConfig(notesSettings.parse({ folder: "notes" }), folder);
  mkdirSync(join(name, "CTX"), { recursive: true });
  const write = (id: string, text: string) => writeFileSync(join(name, "CTX", `${id}.txt`), text);
  const remove = (id: string) => rmSync(join(name, "CTX", `${id}.txt`));
  return { source: new NotesSource(name), write, remove };
}

test("the page holds the two files that it speaks of", () => {
  expect(files.map(({ path }) => path)).toEqual([
    "src/sources/notes/settings.ts",
    "src/sources/notes/source.ts",
  ]);
});

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
