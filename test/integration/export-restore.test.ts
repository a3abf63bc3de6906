import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { RunProgress } from "../../src/domain/run-record.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { type ExportOptions, exportArchive } from "../../src/operations/backup/export-archive.ts";
import { checkArchive, restoreArchive } from "../../src/operations/backup/restore-archive.ts";
import { openState, type StateBackend } from "../../src/state/open-state.ts";
import { connectorOf } from "../../src/state/ownership.ts";
import { pendingRow, runOf } from "../contract/state-manager-samples.ts";
import { contentOf, fillState } from "../support/filled-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const signal = new AbortController().signal;
const backends: readonly StateBackend[] = ["sqlite", "json"];

async function* nothing() {}

function world(from: StateBackend = "sqlite", to: StateBackend = "sqlite") {
  const folder = temporaryFolder();
  const file = join(folder, "archive.tar.gz");
  const source = { backend: from, path: join(folder, "source") };
  const target = { backend: to, path: join(folder, "target") };
  const write = (options: Partial<ExportOptions> = {}) =>
    exportArchive(
      {
        state: source,
        file,
        force: false,
        connectorId: null,
        extras: nothing(),
        clock: systemClock,
        ...options,
      },
      signal,
    );
  const restore = (overwrite = false) =>
    restoreArchive({ file, state: target, overwrite, clock: systemClock }, signal);
  return { folder, file, source, target, write, restore };
}

for (const from of backends) {
  for (const to of backends) {
    test(`what was exported from ${from} and restored into ${to} is equal in everything, versions included`, async () => {
      const { source, target, write, restore } = world(from, to);
      await fillState(source);
      const written = await write();
      const restored = await restore();
      expect(await contentOf(target)).toEqual(await contentOf(source));
      expect(restored.counts).toEqual(written.counts);
      expect(written.counts).toMatchObject({
        ledger: 108,
        syncStates: 2,
        runs: 2,
        schedules: 2,
        records: 6,
        values: 1,
      });
    });
  }
}

test.each(backends)(
  "a run that was under way when its state was exported from %s is restored as it was",
  async (from) => {
    const { source, target, write, restore } = world(from);
    const state = await openState(source);
    const progress: RunProgress = {
      phase: "deliver",
      delivery: { total: 12, since: { at: 1_735_689_600_000.5, done: 3 } },
      waits: { until: 1_735_689_700_000.25, reason: "the model rests" },
    };
    const underWay = runOf("r1", { outcome: "running", endedAt: null, progress });
    await state.saveRun(underWay);
    await state.saveRun(
      runOf("r2", {
        outcome: "running",
        endedAt: null,
        progress: { phase: "discover", delivery: null, waits: null },
      }),
    );
    await write();
    await state.close();
    await restore();
    const restored = await openState(target);
    expect(await restored.getRun("r1")).toEqual(underWay);
    await restored.close();
  },
);

test("a restored state is worked on like any other: rows are found, changed and counted", async () => {
  const { source, target, write, restore } = world("json", "sqlite");
  await fillState(source);
  await write();
  await restore();
  const state = await openState(target);
  const rows = await state.getRows({ connectorId: "notes", contextId: "ctx-1" }, ["m3"]);
  await state.saveRows([...rows.values()]);
  expect(await state.countRows("notes")).toMatchObject({ pending: 27, processed: 27 });
  await state.close();
});

test("an export shows one moment, whatever is written meanwhile", async () => {
  const { source, target, write, restore } = world();
  await fillState(source);
  const before = await contentOf(source);
  const state = await openState(source);
  const changeInTheMiddle = {
    async *[Symbol.asyncIterator]() {
      await state.saveRows([pendingRow({ memoryId: "late" })]);
      yield* nothing();
    },
  };
  await write({ extras: changeInTheMiddle });
  await state.close();
  await restore();
  expect(await contentOf(target)).toEqual(before);
});

test("the archive is for its owner's eyes, and an existing file is overwritten only when told to", async () => {
  const { file, source, write } = world();
  await fillState(source);
  await write();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(write()).rejects.toMatchObject({ code: "ARCHIVE_EXISTS" });
  await expect(write({ force: true })).resolves.toBeDefined();
});

test("an export that fails in the middle leaves no file, and the one before as it was", async () => {
  const { folder, file, source, write } = world();
  await fillState(source);
  await write();
  const before = readFileSync(file);
  async function* failing() {
    yield { kind: "documents", record: {} } as const;
    throw new Error("the source is gone");
  }
  await expect(write({ force: true, extras: failing() })).rejects.toMatchObject({
    code: "ARCHIVE_NOT_WRITTEN",
  });
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith("archive"))).toEqual(["archive.tar.gz"]);
});

test("a state that is not there is not exported as an empty one", async () => {
  await expect(world().write()).rejects.toMatchObject({ code: "STATE_MISSING" });
});

describe.each(backends)("into a %s state that holds something", (backend) => {
  test("nothing is restored without being told to", async () => {
    const { source, target, write, restore } = world("sqlite", backend);
    await fillState(source, 5);
    await fillState(target, 2);
    await write();
    const before = await contentOf(target);
    await expect(restore()).rejects.toMatchObject({ code: "STATE_NOT_EMPTY" });
    expect(await contentOf(target)).toEqual(before);
  });

  test("--replace puts the archive in its place and keeps what was there", async () => {
    const { source, target, write, restore } = world("sqlite", backend);
    await fillState(source, 5);
    await fillState(target, 2);
    await write();
    const before = await contentOf(target);
    const { keptAs } = await restore(true);
    expect(await contentOf(target)).toEqual(await contentOf(source));
    expect(await contentOf({ backend, path: String(keptAs) })).toEqual(before);
  });

  test("an archive of one connector replaces that one and leaves the others alone", async () => {
    const { source, target, write, restore } = world("sqlite", backend);
    await fillState(source, 5);
    await fillState(target, 2);
    await write({ connectorId: "notes" });
    const others = (await contentOf(target)).filter((entry) => connectorOf(entry) !== "notes");
    await restore(true);
    const after = await contentOf(target);
    expect(after.filter((entry) => connectorOf(entry) !== "notes")).toEqual(others);
    const wanted = (await contentOf(source)).filter((entry) => connectorOf(entry) === "notes");
    expect(after.filter((entry) => connectorOf(entry) === "notes")).toEqual(wanted);
  });

  test("a state that somebody works on is not replaced", async () => {
    const { source, target, write, restore } = world("sqlite", backend);
    await fillState(source, 5);
    await write();
    const state = await openState(target);
    await expect(restore(true)).rejects.toMatchObject({ code: "STATE_LOCKED" });
    await state.close();
    await restore(true);
  });

  test("a damaged state is replaced and kept as it is", async () => {
    const { source, target, write, restore } = world("sqlite", backend);
    await fillState(source, 5);
    await write();
    await fillState(target, 2);
    truncateSync(target.path, 4999);
    const damaged = readFileSync(target.path);
    const { keptAs } = await restore(true);
    expect(await contentOf(target)).toEqual(await contentOf(source));
    expect(readFileSync(String(keptAs)).equals(damaged)).toBe(true);
  });
});

describe("a damaged archive changes nothing:", () => {
  async function damagedWorld(change: (archive: Buffer) => Buffer) {
    const made = world();
    await fillState(made.source, 5);
    await made.write();
    writeFileSync(made.file, change(readFileSync(made.file)));
    await fillState(made.target, 2);
    return made;
  }

  const flipAt = (share: number) => (archive: Buffer) => {
    const tar = gunzipSync(archive);
    // Zeroes fill the blocks up and belong to no file.
    const at = tar.findIndex((byte, index) => index >= tar.length * share && byte !== 0);
    tar[at] = (tar[at] ?? 0) ^ 1;
    return gzipSync(tar);
  };

  test.each([
    ["one that is cut short", (archive: Buffer) => archive.subarray(0, archive.length - 40)],
    ["one with its last part missing", (archive: Buffer) => gzipSync(gunzipSync(archive).subarray(0, -1536))],
    ["one with a bit turned at 20 %", flipAt(0.2)],
    ["one with a bit turned at 50 %", flipAt(0.5)],
    ["one with a bit turned at 80 %", flipAt(0.8)],
    ["a compressed text", () => gzipSync("Dear diary, ".repeat(100))],
    ["a text", () => Buffer.from("Dear diary")],
    ["an empty file", () => Buffer.alloc(0)],
  ])("%s", async (_, change) => {
    const { file, target, restore } = await damagedWorld(change);
    const before = await contentOf(target);
    const refused = { code: expect.stringMatching(/^ARCHIVE_(DAMAGED|FOREIGN)$/u) };
    await expect(checkArchive(file, signal)).rejects.toMatchObject(refused);
    await expect(restore(true)).rejects.toMatchObject(refused);
    expect(await contentOf(target)).toEqual(before);
    expect(readdirSync(join(target.path, "..")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
