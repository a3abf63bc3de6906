import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quickHarness } from "../support/sync-harness.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { TinySource } from "./tiny-source.ts";

const root = join(import.meta.dirname, "../..");

/** The tiny source over a folder with these notes. */
function notes(...names: string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "CTX"));
  const write = (name: string, text = `about ${name}`) => writeFileSync(join(folder, "CTX", name), text);
  for (const name of names) write(name);
  return {
    source: new TinySource(folder),
    write,
    remove: (name: string) => rmSync(join(folder, "CTX", name)),
  };
}

test("the source on the page is the one that is tested here", () => {
  const page = readFileSync(join(root, "docs/sources.md"), "utf8");
  expect(page).toContain(readFileSync(join(import.meta.dirname, "tiny-source.ts"), "utf8"));
});

test("it is synced: new, changed and deleted files, and nothing else", async () => {
  const { source, write, remove } = notes("2026-01-01 a.txt", "2026-01-02 b.txt", "unrelated.txt");
  const deletions = { policy: "propagate", graceListings: 1, maxPercent: 100 } as const;
  const sync = await quickHarness({
    queryRange: "all",
    deletions: { ...deletions, gracePeriodMs: 0, alwaysAllowed: 1 },
  });
  const { run } = sync.with({ source });
  expect((await run()).counts).toMatchObject({ new: 2, processed: 2 });
  write("2026-01-01 a.txt", "something else");
  remove("2026-01-02 b.txt");
  expect((await run()).counts).toMatchObject({ changed: 1, unchanged: 0 });
  expect(Array.from(sync.sink.documents.values(), ({ text }) => text.includes("something else"))).toEqual([
    true,
  ]);
});

test("a folder that is not there is a context that is not there", async () => {
  const { source } = notes();
  await expect(source.check("OTHER")).rejects.toMatchObject({ code: "SOURCE_CONTEXT_NOT_FOUND" });
});
