import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { LogFile } from "../../src/observe/log-file.ts";
import { exportArchive } from "../../src/operations/backup/export-archive.ts";
import { Journal } from "../../src/sinks/lightrag/embedded/storage/journal.ts";
import { ReplacementFile } from "../../src/sinks/lightrag/embedded/storage/replacement-file.ts";
import { ended, startCli } from "../support/cli.ts";
import { startWorld } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { makeStore } from "./state-manager-store.ts";

let before = 0;
beforeEach(() => {
  before = process.umask(0);
});
afterEach(() => {
  process.umask(before);
});

/** A folder that everybody may look into. */
function openFolder(): string {
  const folder = join(temporaryFolder(), "open");
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  return folder;
}

function readableByOthers(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
}

test("a log, an index and its journal, and an archive are their owner's, whatever the folder and the umask", async () => {
  const folder = openFolder();
  const settings = {
    path: join(folder, "mc.log"),
    rotation: "size",
    maxBytes: 1000,
    backupCount: 2,
  } as const;
  const log = new LogFile({ settings, clock: systemClock, onTrouble: () => undefined });
  for (let line = 0; line < 50; line += 1) log.write(`${"a memory ".repeat(20)}\n`);
  await log.close();
  await (await Journal.open(join(folder, "journal"), 0)).close();
  const index = await ReplacementFile.create(join(folder, "kv_store.json"));
  await index.write("{}");
  await index.finish();
  const store = makeStore("sqlite");
  await (await store.open()).close();
  const extras = (async function* () {})();
  const file = join(folder, "archive");
  await exportArchive(
    { state: store, file, force: false, connectorId: null, extras, clock: systemClock },
    new AbortController().signal,
  );
  expect(readdirSync(folder).length).toBeGreaterThan(3);
  expect(readableByOthers(folder)).toEqual([]);
});

test("whatever the command makes is its owner's, also where the folder was there before", async () => {
  const { folder } = await startWorld({ memories: 3 });
  chmodSync(folder, 0o755);
  const given = new Set(readdirSync(folder));
  expect((await ended(startCli(["sync"], folder))).code).toBe(0);
  expect((await ended(startCli(["export", "all.tar.gz"], folder))).code).toBe(0);
  const open = readableByOthers(folder).filter((name) => !given.has(name));
  expect(open).toEqual([]);
  expect(readdirSync(folder).length).toBeGreaterThan(given.size + 2);
});
