import { execFileSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allRows, pendingRow, scope } from "./state-manager-samples.ts";
import { makeStore } from "./state-manager-store.ts";

/** Overwrites the file from another process: closing it in this one would drop SQLite's locks on it. */
function overwriteElsewhere(path: string, from: number): void {
  const script = `
    const { openSync, writeSync, closeSync } = require("node:fs");
    const file = openSync(${JSON.stringify(path)}, "r+");
    writeSync(file, Buffer.alloc(${statSync(path).size - from}, 7), 0, undefined, ${from});
    closeSync(file);`;
  execFileSync(process.execPath, ["-e", script]);
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
