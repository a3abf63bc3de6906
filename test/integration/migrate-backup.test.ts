import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { backUpState } from "../../src/operations/backup/make-backup.ts";
import { backendOfFile, migrateState } from "../../src/operations/backup/migrate-state.ts";
import { openState } from "../../src/state/open-state.ts";
import { pendingRow } from "../contract/state-manager-samples.ts";
import { contentOf, fillState } from "../support/filled-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const signal = new AbortController().signal;

for (const [here, there] of [
  ["json", "sqlite"],
  ["sqlite", "json"],
] as const) {
  test(`from ${here} to ${there} and back again everything is equal, and the source stays as it was`, async () => {
    const folder = temporaryFolder();
    const places = [here, there, here].map((backend, at) => ({ backend, path: join(folder, `state${at}`) }));
    const [first, second, third] = places;
    if (first === undefined || second === undefined || third === undefined) throw new Error("three places");
    await fillState(first);
    const content = await contentOf(first);
    const bytes = readFileSync(first.path);
    const migrate = (from: typeof first, to: typeof first) =>
      migrateState({ from, to, overwrite: false, clock: systemClock }, signal);
    expect(await migrate(first, second)).toMatchObject({ counts: { ledger: 108, runs: 2 }, keptAs: null });
    await migrate(second, third);
    expect(await contentOf(second)).toEqual(content);
    expect(await contentOf(third)).toEqual(content);
    expect(readFileSync(first.path).equals(bytes)).toBe(true);
  });

  test(`a ${here} state that somebody writes to is not migrated`, async () => {
    const folder = temporaryFolder();
    const from = { backend: here, path: join(folder, "from") };
    const to = { backend: there, path: join(folder, "to") };
    await fillState(from, 2);
    const state = await openState(from);
    const migrating = migrateState({ from, to, overwrite: false, clock: systemClock }, signal);
    await expect(migrating).rejects.toMatchObject({ code: "STATE_LOCKED" });
    await state.close();
  });

  test(`a migration to ${there} does not replace what is there, and a cancelled one leaves nothing`, async () => {
    const folder = temporaryFolder();
    const from = { backend: here, path: join(folder, "from") };
    const to = { backend: there, path: join(folder, "to") };
    await fillState(from, 600);
    const cancelled = migrateState({ from, to, overwrite: false, clock: systemClock }, AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
    await expect(contentOf(to)).rejects.toMatchObject({ code: "STATE_MISSING" });
    await fillState(to, 2);
    const again = migrateState({ from, to, overwrite: false, clock: systemClock }, signal);
    await expect(again).rejects.toMatchObject({ code: "STATE_NOT_EMPTY" });
  });
}

for (const backend of ["sqlite", "json"] as const) {
  test(`a backup of a ${backend} state taken while it is written to is whole, private, and opens as a state`, async () => {
    const folder = temporaryFolder();
    const place = { backend, path: join(folder, "state") };
    const file = join(folder, "copy");
    await fillState(place);
    const state = await openState(place);
    let going = true;
    const writing = (async () => {
      for (let at = 0; going; at++) await state.saveRows([pendingRow({ memoryId: `late ${at}` })]);
    })();
    const bytes = await backUpState({ state: place, file, force: false });
    going = false;
    await writing;
    await state.close();
    expect(statSync(file)).toMatchObject({ size: bytes });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const isLate = (entry: { record: object }) =>
      "memoryId" in entry.record && String(entry.record.memoryId).startsWith("late");
    const copied = await contentOf({ backend, path: file });
    const stable = (await contentOf(place)).filter((entry) => !isLate(entry));
    expect(copied.filter((entry) => !isLate(entry))).toEqual(stable);
    expect(await backendOfFile(file)).toBe(backend);
    await expect(backUpState({ state: place, file, force: false })).rejects.toMatchObject({
      code: "ARCHIVE_EXISTS",
    });
  });

  test(`a damaged ${backend} state is not backed up over a good backup`, async () => {
    const folder = temporaryFolder();
    const place = { backend, path: join(folder, "state") };
    const file = join(folder, "copy");
    await fillState(place, 300);
    await backUpState({ state: place, file, force: false });
    const good = readFileSync(file);
    const damaged = readFileSync(place.path);
    damaged.fill(0, Math.floor(damaged.length / 2), Math.floor(damaged.length / 2) + 8192);
    writeFileSync(place.path, damaged);
    const again = backUpState({ state: place, file, force: true });
    await expect(again).rejects.toMatchObject({ code: "STATE_CORRUPT" });
    expect(readFileSync(file).equals(good)).toBe(true);
  });
}

test("a file that is no state is told from one", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "diary");
  await expect(backendOfFile(path)).rejects.toMatchObject({ code: "STATE_MISSING" });
  writeFileSync(path, "Dear diary");
  await expect(backendOfFile(path)).rejects.toMatchObject({ code: "STATE_FOREIGN" });
});
