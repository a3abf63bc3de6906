import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { probeState } from "../../src/observe/state-probe.ts";
import { type fileBackends, openState } from "../../src/state/open-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { allRows, pendingRow, scope } from "./state-manager-samples.ts";
import { makeStore, type TestStore } from "./state-manager-store.ts";

type FileBackend = (typeof fileBackends)[number];

const { connectorId } = scope;
const withCode = (code: string) => expect.objectContaining({ code });
const inCopy = 40;
const inState = 100;

/** Makes a closed state of 100 rows whose copy holds the first 40 of them. */
async function makeHistory(backend: FileBackend, folder: string): Promise<void> {
  const rows = Array.from({ length: inState }, (_, at) =>
    pendingRow({ memoryId: `m${at}` }, "word ".repeat(at * 30)),
  );
  for (const part of [rows.slice(0, inCopy), rows.slice(inCopy)]) {
    const state = await openState({ backend, path: join(folder, "state") });
    await state.saveRows(part);
    await state.close();
  }
}

function asideFiles({ path }: TestStore): string[] {
  return readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.corrupt-`));
}

/** Opens a damaged state and checks that it either is whole all the same or went back to its copy and says so. */
async function openDamaged(store: TestStore): Promise<"whole" | "copy"> {
  const state = await store.open();
  const rows = await allRows(state, { connectorId });
  for (const row of rows) expect(row.payload?.id).toBe(row.memoryId);
  expect(await state.saveRows([pendingRow({ memoryId: "after" })])).toHaveLength(1);
  await state.close();
  const again = await store.open();
  expect(again.notices).toEqual([]);
  await again.close();
  if (rows.length === inState) {
    expect([state.notices, asideFiles(store)]).toEqual([[], []]);
    return "whole";
  }
  expect(rows.length).toBe(inCopy);
  expect(state.notices).toEqual([expect.stringContaining("went back to the copy")]);
  expect(state.notices[0]).toContain(asideFiles(store)[0]);
  return "copy";
}

/** What a later version might have written. */
const makeNewer: Record<FileBackend, (path: string) => void> = {
  json: (path) => {
    writeFileSync(path, readFileSync(path, "utf8").replace(/"version":\d+/, '"version":99'));
  },
  sqlite: (path) => {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
  },
};

/** What the files of a state must stand: damage of every kind, and folders that are not as they should be. */
export function stateManagerFilesSuite(backend: FileBackend): void {
  let history = "";
  beforeAll(async () => {
    history = mkdtempSync(join(tmpdir(), "memory-connector-history-"));
    await makeHistory(backend, history);
    return () => rmSync(history, { recursive: true });
  });

  function copyOfHistory({ copies = true } = {}): TestStore {
    const folder = join(temporaryFolder(), "copy");
    cpSync(history, folder, { recursive: true });
    const store = makeStore(backend, join(folder, "state"));
    if (!copies) rmSync(`${store.path}.bak1`);
    return store;
  }

  const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });

  describe(`${backend}: damage`, () => {
    test("a file cut short anywhere is recognised and replaced by its copy", async () => {
      await fc.assert(
        fc.asyncProperty(fraction, async (part) => {
          const store = copyOfHistory();
          truncateSync(store.path, Math.floor(part * statSync(store.path).size));
          expect(await openDamaged(store)).toBe("copy");
        }),
        { numRuns: 12, examples: [[0], [0.999]] },
      );
    });

    test("a file overwritten in part is read whole or replaced by its copy, and never read wrong", async () => {
      const outcomes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fraction, fc.boolean(), async (part, zeroes) => {
          const store = copyOfHistory();
          const at = Math.floor((part * statSync(store.path).size) / 4096) * 4096;
          const file = openSync(store.path, "r+");
          writeSync(file, zeroes ? Buffer.alloc(4096) : randomBytes(4096), 0, 4096, at);
          closeSync(file);
          outcomes.add(await openDamaged(store));
        }),
        { numRuns: 20, examples: [[0, true]] },
      );
      expect(outcomes).toContain("copy");
    });

    test("a file of garbage is replaced by its copy and kept aside as it was", async () => {
      const store = copyOfHistory();
      const garbage = randomBytes(10_000);
      writeFileSync(store.path, garbage);
      expect(await openDamaged(store)).toBe("copy");
      const [aside = ""] = asideFiles(store);
      expect(readFileSync(join(dirname(store.path), aside))).toEqual(garbage);
    });

    test("damage without a copy to go back to is an error that leaves the file alone", async () => {
      const store = copyOfHistory({ copies: false });
      truncateSync(store.path, 9000);
      const damaged = readFileSync(store.path);
      await expect(store.open()).rejects.toEqual(withCode("STATE_CORRUPT"));
      expect(readFileSync(store.path)).toEqual(damaged);
      expect(asideFiles(store)).toEqual([]);
    });

    test("a damaged copy does not replace a damaged file", async () => {
      const store = copyOfHistory();
      truncateSync(store.path, 9000);
      truncateSync(`${store.path}.bak1`, 9000);
      await expect(store.open()).rejects.toEqual(withCode("STATE_CORRUPT"));
      expect(asideFiles(store)).toEqual([]);
    });

    test("opened for reading, damage is an error and nothing is changed", async () => {
      const store = copyOfHistory();
      writeFileSync(store.path, randomBytes(10_000));
      await expect(store.open({ readOnly: true })).rejects.toEqual(withCode("STATE_CORRUPT"));
      expect(asideFiles(store)).toEqual([]);
    });

    test("an empty file without a copy is a new state", async () => {
      const store = makeStore(backend);
      writeFileSync(store.path, "");
      const state = await store.open();
      expect(state.notices).toEqual([]);
      await state.saveRows([pendingRow({ memoryId: "m1" })]);
    });

    test("a file that is gone is begun afresh, with a word about the copy", async () => {
      const store = copyOfHistory();
      rmSync(store.path);
      const state = await store.open();
      expect((await state.countRows(connectorId)).pending).toBe(0);
      expect(state.notices).toEqual([expect.stringContaining(`${store.path}.bak1`)]);
    });

    test("a file of another kind is refused and left alone", async () => {
      const json = '{"connectors": [1, 2, 3]}';
      const writes: Record<string, (path: string) => void> = {
        json: (path) => writeFileSync(path, json),
        "other database": (path) => {
          const database = new DatabaseSync(path);
          database.exec("CREATE TABLE photos (id INTEGER)");
          database.close();
        },
      };
      for (const write of Object.values(writes)) {
        const store = makeStore(backend);
        write(store.path);
        const before = readFileSync(store.path);
        await expect(store.open()).rejects.toEqual(withCode("STATE_FOREIGN"));
        await expect(store.open({ readOnly: true })).rejects.toEqual(withCode("STATE_FOREIGN"));
        expect(readFileSync(store.path)).toEqual(before);
      }
    });

    test("a state of a newer program is refused and left alone", async () => {
      const store = copyOfHistory();
      makeNewer[backend](store.path);
      const before = readFileSync(store.path);
      await expect(store.open()).rejects.toEqual(withCode("STATE_TOO_NEW"));
      await expect(store.open({ readOnly: true })).rejects.toEqual(withCode("STATE_TOO_NEW"));
      expect(readFileSync(store.path)).toEqual(before);
    });

    test("a state of the other backend is refused and left alone", async () => {
      const store = copyOfHistory();
      const other = makeStore(backend === "json" ? "sqlite" : "json", store.path);
      const before = readFileSync(store.path);
      await expect(other.open()).rejects.toEqual(withCode("STATE_FOREIGN"));
      expect(readFileSync(store.path)).toEqual(before);
    });
  });

  describe(`${backend}: folders`, () => {
    test("the state, its copies and all that belongs to it may be read by the owner only", async () => {
      const store = makeStore(backend);
      const first = await store.open();
      await first.saveRows([pendingRow({ memoryId: "old" })]);
      await first.close();
      const state = await store.open();
      await state.saveRows([pendingRow({ memoryId: "new" })]);
      await state.lockConnector(connectorId);
      const folder = dirname(store.path);
      const names = readdirSync(folder).filter((name) => !name.endsWith(".locks"));
      expect(names.length).toBeGreaterThan(1);
      for (const name of names)
        expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
      expect(statSync(`${store.path}.locks`).mode & 0o777).toBe(0o700);
    });

    test("folders on the way to the state are made", async () => {
      const store = makeStore(backend, join(temporaryFolder(), "a", "b", "state"));
      await (await store.open()).close();
      expect(existsSync(join(dirname(store.path), "state.locks"))).toBe(true);
    });

    test("a folder where the state should be, or a file where its folder should be, is an error with a hint", async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "state"));
      writeFileSync(join(folder, "file"), "");
      for (const path of [join(folder, "state"), join(folder, "file", "state")]) {
        const store = makeStore(backend, path);
        const error = { code: "STATE_READ_FAILED", hint: expect.stringContaining("state.path") };
        await expect(store.open()).rejects.toMatchObject(error);
      }
    });

    test("what crashes left half-written is removed", async () => {
      const store = copyOfHistory();
      writeFileSync(`${store.path}.bak.tmp`, "half");
      if (backend === "json") writeFileSync(`${store.path}.tmp`, "half");
      await store.open();
      expect(readdirSync(dirname(store.path)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    });
  });

  const smallDisk = mountSmallDisk();

  describe(`${backend}: full disk`, () => {
    test.skipIf(smallDisk === null)(
      "a full disk is an error of its own that loses nothing, and work goes on when there is room again",
      async () => {
        const folder = join(String(smallDisk), backend);
        mkdirSync(folder);
        const filler = join(folder, "filler");
        writeFileSync(filler, Buffer.alloc(1_500_000));
        const store = makeStore(backend, join(folder, "state"));
        const state = await store.open();
        let saved = 0;
        const fill = async () => {
          for (;;) {
            const rows = [0, 1, 2].map((part) =>
              pendingRow({ memoryId: `m${saved + part}` }, "x".repeat(20_000)),
            );
            await state.saveRows(rows);
            saved += rows.length;
          }
        };
        await expect(fill()).rejects.toMatchObject({
          code: "STATE_DISK_FULL",
          hint: expect.stringContaining("space"),
        });
        expect((await allRows(state, { connectorId })).length).toBe(saved);
        expect(await state.condition()).toEqual(withCode("STATE_DISK_FULL"));
        expect(await probeState(state, systemClock)).toMatchObject({ status: "degraded" });
        rmSync(filler);
        expect(await state.condition()).toBeNull();
        await state.saveRows([pendingRow({ memoryId: "more" })]);
        await state.close();
        const again = await store.open();
        expect(again.notices).toEqual([]);
        expect((await again.countRows(connectorId)).pending).toBe(saved + 1);
      },
    );

    test.skipIf(smallDisk === null)(
      "a state cannot be made on a disk without room, and the error says so",
      async () => {
        const folder = join(String(smallDisk), `${backend}-full`);
        mkdirSync(folder);
        const filler = openSync(join(folder, "filler"), "w");
        onTestFinished(() => rmSync(join(folder, "filler")));
        expect(() => {
          for (;;) writeSync(filler, Buffer.alloc(4096));
        }).toThrow(/ENOSPC/);
        closeSync(filler);
        const store = makeStore(backend, join(folder, "state"));
        const attempt = async () =>
          (await store.open()).saveRows([pendingRow({ memoryId: "m" }, "x".repeat(9000))]);
        await expect(attempt()).rejects.toEqual(withCode("STATE_DISK_FULL"));
      },
    );
  });
}

/** A file system of 4 MB; null where this user may not mount one. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    console.log("skipped: the tests of a full disk need the right to mount a tmpfs");
    rmSync(folder, { recursive: true });
    return null;
  }
  afterAll(() => {
    execFileSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}
