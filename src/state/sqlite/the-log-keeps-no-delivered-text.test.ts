import { copyFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { memoryOf, syncHarness } from "../../../test/support/sync-harness.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { openState } from "../open-state.ts";

const words = "nobody shall read this in a log";

async function startDelivering() {
  const sync = await syncHarness();
  const { location } = sync.state;
  const log = `${location}-wal`;
  sync.source.memories = [memoryOf("m1", { transcript: words })];
  return {
    ...sync,
    log,
    holdsText: () => [location, log].filter((path) => readFileSync(path).includes(words)),
    /** The state as another machine would find it after a power cut. */
    async afterPowerCut() {
      const path = join(temporaryFolder(), "state");
      for (const end of ["", "-wal"]) copyFileSync(`${location}${end}`, `${path}${end}`);
      const state = await openState({ backend: "sqlite", path });
      onTestFinished(() => state.close());
      return state;
    },
  };
}

test("a run that has delivered a text leaves it in no file of a state that stays open", async () => {
  const { run, state, log, holdsText, sink } = await startDelivering();
  const seen: string[][] = [];
  const { submit } = sink;
  sink.submit = (documents) => {
    seen.push(holdsText());
    return submit.call(sink, documents);
  };
  await run();
  expect(seen[0], "while it is on its way the log holds it").toContain(log);
  expect(holdsText()).toEqual([]);
  expect(statSync(log).size).toBe(0);
  expect(await state.countRows("c")).toMatchObject({ processed: 1 });
});

test("what is saved after the log was emptied is as durable as before", async () => {
  const { run, source, log, afterPowerCut } = await startDelivering();
  const { ino } = statSync(log);
  await run();
  source.memories.push(memoryOf("m2"));
  await run();
  expect(statSync(log).ino).toBe(ino);
  const state = await afterPowerCut();
  expect(await state.countRows("c")).toMatchObject({ processed: 2 });
});

test("changes under way while the log is emptied are all saved", async () => {
  const { state, afterPowerCut } = await startDelivering();
  const names = Array.from({ length: 50 }, (_, index) => `key ${index}`);
  await Promise.all(
    names.map(async (name) => {
      await state.values.put(name, name);
      await state.foldLog();
    }),
  );
  const copy = await afterPowerCut();
  expect(await Promise.all(names.map((name) => copy.values.get(name)))).toEqual(names);
});

test("a process in the middle of reading keeps the log, and harms nobody; the next run empties it", async () => {
  const { run, source, state, log, holdsText } = await startDelivering();
  const reader = new DatabaseSync(state.location, { readOnly: true });
  reader.exec("BEGIN; SELECT count(*) FROM ledger");
  expect(await run()).toMatchObject({ outcome: "success" });
  expect(holdsText()).toContain(log);
  reader.exec("COMMIT");
  reader.close();
  source.memories.push(memoryOf("m2"));
  await run();
  expect(holdsText()).toEqual([]);
});

test("a state that is closed, or whose file is gone, has no log to be emptied", async () => {
  const { state } = await startDelivering();
  await state.close();
  await expect(state.foldLog()).resolves.toBeUndefined();
});
