import { expect, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import { GroupCommit } from "../group-commit.ts";
import { JsonStore } from "./json-store.ts";

const empty = { ledger: [], syncStates: [], runs: [], schedules: [], records: [], values: [], pushed: [] };
const scope = { connectorId: "c", contextId: "x" };
const row = (memoryId: string) => newRow({ ...scope, memoryId }, "f", 0);

test("a batch that cannot be written is taken back in memory too, and later ones build on what was there", async () => {
  const files: string[][] = [];
  let full = false;
  const store = new JsonStore(empty, async ({ ledger }) => {
    if (full) throw new Error("ENOSPC");
    files.push([...ledger].map((json) => JSON.parse(json).memoryId));
  });
  const commits = new GroupCommit(store);
  const save = (memoryId: string) => commits.run(() => store.ledger.save(row(memoryId)));
  await save("a");
  full = true;
  const attempts = [save("b"), commits.run(() => store.ledger.remove({ ...scope, memoryId: "a" }))];
  for (const attempt of attempts) await expect(attempt).rejects.toThrow("ENOSPC");
  expect(store.ledger.counts("c").discovered).toBe(1);
  full = false;
  await save("b");
  expect(files).toEqual([["a"], ["a", "b"]]);
});

test("a call that changed nothing does not write the file", async () => {
  let writes = 0;
  const store = new JsonStore(empty, async () => void writes++);
  const commits = new GroupCommit(store);
  await commits.run(() => store.ledger.remove({ ...scope, memoryId: "nowhere" }));
  const conflict = commits.run(() =>
    [row("a"), { ...row("b"), version: 5 }].map((each) => store.ledger.save(each)),
  );
  await expect(conflict).rejects.toThrow(expect.objectContaining({ code: "STATE_CONFLICT" }));
  expect(writes).toBe(0);
});
