import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { type Clock, systemClock } from "../../kernel/util/clock.ts";
import { FilePlace } from "../file-place.ts";
import { GroupCommit } from "../group-commit.ts";
import { DurableBatches } from "./durable-batches.ts";

/** A file that can be synced, or not: a disk will not fail a sync on demand. */
function logThat(datasync: () => Promise<void>): FileHandle {
  return { datasync } as FileHandle;
}

function openStore(options: { path?: string; log?: FileHandle; clock?: Clock } = {}) {
  const path = options.path ?? join(temporaryFolder(), "db");
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS item (name TEXT UNIQUE, body TEXT)");
  const log = options.log ?? logThat(async () => undefined);
  const place = new FilePlace(path, { isWrittenWhole: false });
  const commits = new GroupCommit(new DurableBatches(database, log, options.clock ?? systemClock, place));
  const put = (name: string, body = "") =>
    commits.run(() => void database.prepare("INSERT INTO item VALUES (?, ?)").run(name, body));
  const names = () =>
    database
      .prepare("SELECT name FROM item ORDER BY name")
      .all()
      .map(({ name }) => name);
  return { database, put, names };
}

test("a unit that throws half-way leaves nothing, and its neighbours stay", async () => {
  const { put, names } = openStore();
  const outcomes = await Promise.allSettled([put("a"), put("a"), put("b")]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(names()).toEqual(["a", "b"]);
});

test("a change is durable when the log was synced, not before", async () => {
  const sync = Promise.withResolvers<void>();
  const { put } = openStore({ log: logThat(() => sync.promise) });
  const order: string[] = [];
  const saved = put("a").then(() => order.push("saved"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  order.push("synced");
  sync.resolve();
  await saved;
  expect(order).toEqual(["synced", "saved"]);
});

test("after a sync that failed nothing more is written", async () => {
  const { put, names } = openStore({ log: logThat(() => Promise.reject(new Error("EIO"))) });
  await expect(put("a")).rejects.toThrow("EIO");
  await expect(put("b")).rejects.toThrow("EIO");
  expect(names()).not.toContain("b");
});

test("an error that makes SQLite roll back the whole batch fails all of it, and the next one works", async () => {
  const { database, put, names } = openStore();
  database.exec("PRAGMA max_page_count = 20");
  const outcomes = await Promise.allSettled([put("a"), put("large", "x".repeat(300_000)), put("c")]);
  const reasons = outcomes.map((outcome) => outcome.status === "rejected" && String(outcome.reason));
  expect(reasons).toEqual(Array(3).fill("Error: database or disk is full"));
  expect(names()).toEqual([]);
  await put("d");
  expect(names()).toEqual(["d"]);
});

test("a writer elsewhere is waited for without holding up the event loop", async () => {
  const path = join(temporaryFolder(), "db");
  const { put, names } = openStore({ path });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const saving = put("a");
  let turns = 0;
  for (const until = performance.now() + 60; performance.now() < until; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(turns).toBeGreaterThan(100);
  other.exec("COMMIT");
  other.close();
  await saving;
  expect(names()).toEqual(["a"]);
});

test("a writer elsewhere that does not end in 30 seconds is an error", async () => {
  const path = join(temporaryFolder(), "db");
  const clock = new ManualClock();
  const { put } = openStore({ path, clock });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await expect(put("a")).rejects.toThrow("locked");
  expect(clock.monotonic()).toBeGreaterThanOrEqual(30_000);
  other.exec("COMMIT");
  other.close();
  await put("b");
});
