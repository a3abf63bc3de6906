import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { probeState } from "../../src/observe/state-probe.ts";
import { backUpState } from "../../src/operations/backup/make-backup.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { pendingRow, scope } from "./state-manager-samples.ts";
import { makeStore } from "./state-manager-store.ts";

const withCode = (code: string) => expect.objectContaining({ code });

async function put(state: StateManager, memoryId: string): Promise<void> {
  await state.saveRows([pendingRow({ memoryId })]);
}

/** What may happen to the file of a state that is open, and how it is undone. */
const mishaps: Record<string, (path: string) => () => void> = {
  moved: (path) => {
    renameSync(path, `${path}.elsewhere`);
    return () => renameSync(`${path}.elsewhere`, path);
  },
  "replaced by another file": (path) => {
    copyFileSync(path, `${path}.other`);
    renameSync(path, `${path}.elsewhere`);
    renameSync(`${path}.other`, path);
    return () => renameSync(`${path}.elsewhere`, path);
  },
  "gone with its folder": (path) => {
    renameSync(dirname(path), `${dirname(path)}.elsewhere`);
    return () => renameSync(`${dirname(path)}.elsewhere`, dirname(path));
  },
};

for (const backend of ["json", "sqlite"] as const) {
  describe(`${backend}: the file of an open state is watched`, () => {
    const newStore = () => makeStore(backend, join(temporaryFolder(), "of-the-state", "state"));

    test.each(Object.keys(mishaps))(
      "while it is %s, changes are refused and health is down; afterwards work goes on",
      async (kind) => {
        const store = newStore();
        const state = await store.open();
        await put(state, "before");
        expect(await state.condition()).toBeNull();
        const undo = mishaps[kind]?.(store.path);
        await expect(put(state, "meanwhile")).rejects.toEqual(withCode("STATE_MOVED"));
        expect(await state.condition()).toEqual(withCode("STATE_MOVED"));
        expect(await probeState(state, systemClock)).toMatchObject({ status: "down" });
        undo?.();
        expect(await state.condition()).toBeNull();
        await put(state, "after");
        await state.close();
        const again = await store.open();
        expect([...(await again.getRows(scope, ["before", "meanwhile", "after"])).keys()]).toEqual([
          "before",
          "after",
        ]);
      },
    );

    test("once it is removed nothing is called saved, and a restart begins with what is left", async () => {
      const store = newStore();
      const state = await store.open();
      await put(state, "before");
      rmSync(store.path);
      await expect(put(state, "meanwhile")).rejects.toEqual(withCode("STATE_MOVED"));
      await state.close();
      const again = await store.open();
      await put(again, "after");
      expect(await again.condition()).toBeNull();
    });

    test("a link to it is followed: also one to nothing yet, a relative one, one through a folder, and one to a link", async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "real"));
      symlinkSync("real", join(folder, "linked"));
      symlinkSync(join("linked", "state"), join(folder, "first"));
      symlinkSync("first", join(folder, "second"));
      const state = await makeStore(backend, join(folder, "second")).open();
      await put(state, "m");
      await state.close();
      expect(readlinkSync(join(folder, "second"))).toBe("first");
      expect(readlinkSync(join(folder, "first"))).toBe(join("linked", "state"));
      expect(statSync(join(folder, "real", "state")).isFile()).toBe(true);
      expect(await readdir(folder)).toEqual(["first", "linked", "real", "second"]);
      const direct = await makeStore(backend, join(folder, "real", "state")).open();
      expect((await direct.getRows(scope, ["m"])).size).toBe(1);
      const backup = join(folder, "backup");
      await backUpState({ state: { backend, path: join(folder, "second") }, file: backup, force: false });
      expect(statSync(backup).size).toBeGreaterThan(0);
    });

    test("every file of it is its owner's alone, whatever the folder and the umask", async () => {
      const store = newStore();
      const before = process.umask(0);
      try {
        mkdirSync(dirname(store.path), { recursive: true, mode: 0o755 });
        chmodSync(dirname(store.path), 0o755);
        const state = await store.open();
        await put(state, "m");
        await state.lockConnector("c");
        await state.expunge();
        const names = await readdir(dirname(store.path), { recursive: true });
        const open = names.filter((name) => {
          const found = statSync(join(dirname(store.path), name));
          return (found.mode & 0o077) !== 0;
        });
        expect(open).toEqual([]);
        expect(names.length).toBeGreaterThan(3);
      } finally {
        process.umask(before);
      }
    });

    test.skipIf(process.getuid?.() !== 0)(
      "what root makes of the state of a service stays the service's",
      async () => {
        const store = newStore();
        mkdirSync(dirname(store.path), { recursive: true });
        chownSync(dirname(store.path), 4242, 4243);
        for (const memoryId of ["first", "second"]) {
          const state = await store.open();
          await put(state, memoryId);
          await state.lockConnector("c");
          await state.expunge();
          await state.close();
          chmodSync(store.path, 0o640);
        }
        const state = await store.open();
        await put(state, "third");
        const names = ["", ...(await readdir(dirname(store.path), { recursive: true }))];
        for (const name of names) {
          const { uid, gid } = statSync(join(dirname(store.path), name));
          expect([name, uid, gid]).toEqual([name, 4242, 4243]);
        }
        expect(statSync(store.path).mode & 0o777).toBe(0o640);
      },
    );
  });
}
