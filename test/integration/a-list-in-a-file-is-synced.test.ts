import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { cliJson, makeWorld } from "../support/service.ts";

/** A world whose one connector reads `notes.csv`, and what writes its rows. */
async function tableWorld() {
  const { folder, lightrag, configure } = await makeWorld(0);
  configure(`connectors:
  - id: notes
    context_id: TABLE
    timezone: Europe/Berlin
    deletions: { grace_listings: 1, grace_period: 0, always_allowed: 5 }
    on_delete: propagate
    source: { type: files, path: ./notes.csv }`);
  const file = join(folder, "notes.csv");
  const write = (...rows: readonly string[]) => writeFileSync(file, ["id;date;text", ...rows, ""].join("\n"));
  const sync = () => runCli(["sync"], { cwd: folder });
  return { folder, file, write, sync, texts: () => [...lightrag.texts().values()].join("\n") };
}

test("rows are delivered, each once; what is changed and deleted is followed; a damaged row is a dead letter with its line", async () => {
  const { folder, write, sync, texts } = await tableWorld();
  write("a;01.03.2026;Met Ada", "b;02.03.2026;The boat leaves", "c;03.03.2026;To be deleted");
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("3 proved processed") });
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });

  write("a;01.03.2026;Met Ada", 'x;02.03.2026;"lost" quote', "b;02.03.2026;The boat stays");
  expect(await sync()).toMatchObject({ code: 3 });
  expect(texts()).toContain("The boat stays");
  // The damaged row may be the one that is missing: nothing counts as deleted beside it.
  expect(texts()).toContain("To be deleted");
  const { deadLetters } = await cliJson(folder, "dead-letters", "list");
  expect(JSON.stringify(deadLetters)).toContain("line 3 of notes.csv");

  write("a;01.03.2026;Met Ada", "b;02.03.2026;The boat stays");
  expect(await sync()).toMatchObject({ code: 0 });
  expect(texts()).not.toMatch(/leaves|To be deleted/u);
});

test("a file that is emptied or gone takes nothing away", async () => {
  const { file, write, sync, texts } = await tableWorld();
  write("a;01.03.2026;stays");
  await sync();
  write();
  expect(await sync()).toMatchObject({ code: 3, out: expect.stringContaining("holds nothing any more") });
  rmSync(file);
  expect(await sync()).toMatchObject({ code: 1, out: expect.stringContaining("source.path") });
  expect(texts()).toContain("stays");
});
