import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { AuditLog } from "../../src/access/audit/audit-log.ts";
import { maskSecrets } from "../../src/config/mask-secrets.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { stateLockPath } from "../../src/state/state-files.ts";
import { pendingRow, scope } from "./state-manager-samples.ts";
import { capabilitiesOfStore, makeStore, type StoreName, type TestStore } from "./state-manager-store.ts";

const entry = join(import.meta.dirname, "state-manager-process.ts");

function startProcess(
  { backend, path }: TestStore<StoreName>,
  task: "hold" | "write" | "write-some" | "audit" | "schedule",
  prefix = "",
) {
  const child = spawn(process.execPath, ["--no-warnings", entry, backend, path, task, prefix], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface(child.stdout);
  const said: string[] = [];
  lines.on("line", (line) => said.push(line));
  const ended = Promise.all([once(child, "exit"), once(lines, "close")]);
  return {
    pid: child.pid,
    said,
    ended,
    saysSomething: () => once(lines, "line"),
    /** As a power cut would: no signal handler runs. Resolves when all that it said has arrived. */
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The look of `isInUse` at a state of this backend, which takes long because its process does not get the processor. */
function lookAt({ backend, path }: TestStore<StoreName>): string {
  const look = backend === "json" ? "BEGIN; SELECT 1 FROM sqlite_schema" : "BEGIN EXCLUSIVE";
  return `
    const { DatabaseSync } = await import("node:sqlite");
    const connection = new DatabaseSync(${JSON.stringify(stateLockPath(path))});
    connection.exec("${look}");
    console.log("looking");
    setTimeout(() => connection.close(), 300);`;
}

/** What the port promises between processes, and of one that is killed at any moment. */
export function stateManagerProcessesSuite(backend: StoreName): void {
  const withCode = (code: string) => expect.objectContaining({ code });

  describe(`${backend}: processes`, () => {
    test("who holds a connector and whether the state is in use is seen from outside, until the moment in which that process dies", async () => {
      const store = makeStore(backend);
      await (await store.open()).close();
      const seen = async () => {
        const state = await store.open({ readOnly: true });
        return [await state.holderOf(scope.connectorId), await state.isInUse()];
      };
      expect(await seen()).toEqual([null, false]);
      const holding = startProcess(store, "hold");
      await holding.saysSomething();
      const name = expect.stringContaining(`process ${holding.pid} `);
      expect(await seen()).toEqual([{ name, since: expect.any(Number), runId: null }, true]);
      await holding.kill();
      expect(await seen()).toEqual([null, false]);
      const state = await store.open();
      const lock = await state.lockConnector(scope.connectorId);
      expect([(await state.holderOf(scope.connectorId))?.name, await state.isInUse()]).toEqual([
        expect.stringContaining(`process ${process.pid} `),
        true,
      ]);
      await lock.release();
      expect(await state.holderOf(scope.connectorId)).toBeNull();
    });

    test.runIf(capabilitiesOfStore(backend).file)(
      "a state is opened beside a process that only looks at whether it is in use, however long that takes",
      async () => {
        const store = makeStore(backend);
        await (await store.open()).close();
        const look = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", lookAt(store)]);
        onTestFinished(() => void look.kill("SIGKILL"));
        await once(look.stdout, "data");
        if (backend === "json")
          expect(await (await store.open({ readOnly: true })).isInUse(), "a look is no use").toBe(false);
        const state = await store.open();
        expect(await state.isInUse()).toBe(true);
      },
    );

    test("a connector has one holder at a time, and none once it is released or the state is closed", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const lock = await state.lockConnector("a/b'c");
      await expect(state.lockConnector("a/b'c")).rejects.toEqual(withCode("CONNECTOR_LOCKED"));
      const other = await state.lockConnector("other");
      await lock.release();
      await lock.release();
      await state.lockConnector("a/b'c");
      await state.close();
      await other.release();
      const again = await store.open();
      await again.lockConnector("a/b'c");
    });

    test("no change of a schedule is lost, whoever makes it at the same time, and the others are told of it", async () => {
      const store = makeStore(backend);
      const state = capabilitiesOfStore(backend).sharedByProcesses ? await store.open() : null;
      const before = await state?.schedulesVersion();
      const changing = [startProcess(store, "schedule")];
      if (backend === "json") await changing[0]?.ended;
      changing.push(startProcess(store, "schedule"));
      await Promise.all(changing.map(({ ended }) => ended));
      // Whoever else lists them meanwhile takes no news away from a scheduler.
      await state?.listSchedules();
      if (state !== null) expect(await state.schedulesVersion()).not.toBe(before);
      const reading = state ?? (await store.open());
      const now = await reading.schedulesVersion();
      expect(await reading.listSchedules()).toMatchObject([{ connectorId: "shared", skipped: 200 }]);
      expect(await reading.schedulesVersion()).toBe(now);
    });

    test("another process that holds a lock is named, and loses the lock the moment it is killed", async () => {
      const store = makeStore(backend);
      const holder = startProcess(store, "hold");
      await holder.saysSomething();
      const code = backend === "json" ? "STATE_LOCKED" : "CONNECTOR_LOCKED";
      const attempt = async () => {
        const state = await store.open();
        return state.lockConnector(scope.connectorId);
      };
      await expect(attempt()).rejects.toMatchObject({
        code,
        message: expect.stringContaining(`process ${holder.pid} `),
      });
      await holder.kill();
      await attempt();
    });

    test("what a process was told is saved is there after it was killed in the middle of writing", async () => {
      const store = makeStore(backend);
      const told: string[] = [];
      for (const round of [1, 2, 3, 4, 5]) {
        const writer = startProcess(store, "write", `r${round}-`);
        for (let lines = 0; lines < round * 7; lines++) await writer.saysSomething();
        await writer.kill();
        told.push(...writer.said.flatMap((line) => line.split(" ")));
        const state = await store.open();
        expect(state.notices).toEqual([]);
        const rows = await state.getRows(scope, told);
        expect([...rows.keys()]).toEqual(told);
        for (const row of rows.values()) expect(row.payload?.id).toBe(row.memoryId);
        await state.close();
      }
    });

    test("a process may read while another one writes", async () => {
      const store = makeStore(backend);
      const writer = startProcess(store, "write");
      await writer.saysSomething();
      for (let round = 0; round < 10; round++) {
        await writer.saysSomething();
        const told = writer.said.flatMap((line) => line.split(" "));
        const reader = await store.open({ readOnly: true });
        expect([...(await reader.getRows(scope, told)).keys()]).toEqual(told);
        await reader.close();
      }
      await writer.kill();
    });
  });
}

/** For backends that several processes may write. */
export function stateManagerSharingSuite(backend: StoreName): void {
  describe(`${backend}: sharing`, () => {
    test("processes that make, open and write one state at the same time all keep their rows", async () => {
      const store = makeStore(backend);
      const writers = ["a", "b", "c", "d"].map((prefix) => startProcess(store, "write-some", prefix));
      await Promise.all(writers.map((writer) => writer.ended));
      const told = writers.flatMap((writer) => writer.said.flatMap((line) => line.split(" ")));
      expect(told.length).toBe(600);
      const state = await store.open();
      expect((await state.getRows(scope, told)).size).toBe(600);
      expect((await state.countRows(scope.connectorId)).pending).toBe(600);
    });

    test("processes that write the audit log at the same time make one chain of all their entries", async () => {
      const store = makeStore(backend);
      const writers = ["a", "b", "c", "d"].map((prefix) => startProcess(store, "audit", prefix));
      await Promise.all(writers.map((writer) => writer.ended));
      const log = new AuditLog((await store.open()).audit, systemClock, maskSecrets);
      expect(await log.verify()).toMatchObject({ entries: 200, first: 1, problem: null });
      const { entries } = await log.list({ limit: 500 });
      expect(new Set(entries.map(({ subject }) => subject)).size).toBe(200);
    });

    test("a row that another manager changed is a conflict, and both see each other's rows at once", async () => {
      const store = makeStore(backend);
      const [one, two] = [await store.open(), await store.open()];
      const [row] = await one.saveRows([pendingRow({ memoryId: "m1" })]);
      const [changed] = await two.saveRows([{ ...row!, attempts: 1 }]);
      await expect(one.saveRows([{ ...row!, attempts: 2 }])).rejects.toEqual(
        expect.objectContaining({ code: "STATE_CONFLICT" }),
      );
      expect((await one.getRows(scope, ["m1"])).get("m1")).toEqual(changed);
    });
  });
}
