import { execFileSync } from "node:child_process";
import { existsSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tryProcessLock } from "../../src/kernel/util/process-lock.ts";
import { locksFolder } from "../../src/state/state-files.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { allRows, pendingRow, scope } from "./state-manager-samples.ts";
import { makeStore, type TestStore } from "./state-manager-store.ts";

/** Overwrites the file from another process: closing it in this one would drop SQLite's locks on it. */
function overwriteElsewhere(path: string, from: number): void {
  const script = `
    const { openSync, writeSync, closeSync } = require("node:fs");
    const file = openSync(${JSON.stringify(path)}, "r+");
    writeSync(file, Buffer.alloc(${statSync(path).size - from}, 7), 0, undefined, ${from});
    closeSync(file);`;
  execFileSync(process.execPath, ["-e", script]);
}

async function storeOf(count: number): Promise<TestStore> {
  const store = makeStore("sqlite");
  const state = await store.open();
  const rows = Array.from({ length: count }, (_, at) =>
    pendingRow({ memoryId: `m${at}` }, "word ".repeat(1500)),
  );
  await state.saveRows(rows);
  await state.close();
  return store;
}

// Large enough not to be checked whole on every opening.
test("damage that is met at work stops it and makes the next opening go back to the copy", async () => {
  const store = makeStore("sqlite");
  const first = await store.open();
  const rows = Array.from({ length: 3000 }, (_, at) =>
    pendingRow({ memoryId: `m${at}` }, "word ".repeat(1500)),
  );
  await first.saveRows(rows);
  await first.close();
  const state = await store.open({ readOnly: true });
  overwriteElsewhere(store.path, 1_000_000);
  await expect(allRows(state, { connectorId: scope.connectorId })).rejects.toMatchObject({
    code: "STATE_CORRUPT",
    subject: store.path,
  });
  await state.close();
  expect(existsSync(`${store.path}.suspect`)).toBe(true);
  const again = await store.open();
  expect(again.notices).toEqual([expect.stringContaining("went back to the copy")]);
  expect((await again.countRows(scope.connectorId)).pending).toBe(3000);
  expect(existsSync(`${store.path}.suspect`)).toBe(false);
});

test("a suspicion that proves wrong is forgotten", async () => {
  const store = makeStore("sqlite");
  await (await store.open()).close();
  writeFileSync(`${store.path}.suspect`, "");
  const state = await store.open();
  expect(state.notices).toEqual([]);
  expect(existsSync(`${store.path}.suspect`)).toBe(false);
});

test("several that open a damaged state at once all get the copy, and one of them tells", async () => {
  const store = await storeOf(20);
  truncateSync(store.path, 9000);
  const states = await Promise.all([store.open(), store.open(), store.open()]);
  for (const state of states) expect((await state.countRows(scope.connectorId)).pending).toBe(20);
  expect(states.flatMap((state) => state.notices)).toEqual([
    expect.stringContaining("went back to the copy"),
  ]);
});

test("a damaged state that another process has open is not replaced under it", async () => {
  const store = await storeOf(20);
  truncateSync(store.path, 9000);
  const presence = tryProcessLock(join(locksFolder(store.path), "state.lock"), "shared", 0);
  await expect(store.open({ clock: new ManualClock() })).rejects.toMatchObject({
    code: "STATE_CORRUPT",
    hint: expect.stringContaining("stop every process"),
  });
  expect(statSync(store.path).size).toBe(9000);
  presence?.release();
  expect((await store.open()).notices).toHaveLength(1);
});

test("a state that is being recovered is not opened before that is done", async () => {
  const store = await storeOf(20);
  const recovering = tryProcessLock(join(locksFolder(store.path), "state.lock"), "exclusive", 0);
  await expect(store.open({ clock: new ManualClock() })).rejects.toMatchObject({ code: "STATE_LOCKED" });
  recovering?.release();
  expect((await store.open()).notices).toEqual([]);
});
