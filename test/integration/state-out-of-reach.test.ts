import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { exportArchive } from "../../src/operations/backup/export-archive.ts";
import { checkPermissions, privateFiles } from "../../src/operations/doctor/check-permissions.ts";
import { pendingRow, scope } from "../contract/state-manager-samples.ts";
import { makeStore } from "../contract/state-manager-store.ts";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";
import { startWorld } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const signal = new AbortController().signal;
const isRoot = process.getuid?.() === 0;
const sqliteState = (folder: string) => join(folder, "state.sqlite");

/** What is done in here is done by a user who owns nothing. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

async function filled(backend: "json" | "sqlite", rows = 200) {
  const store = makeStore(backend, join(temporaryFolder(), "in", "state"));
  const state = await store.open();
  await state.saveRows(
    Array.from({ length: rows }, (_, at) => pendingRow({ memoryId: `m${at}` }, "words ".repeat(50))),
  );
  await state.close();
  return store;
}

test.skipIf(!isRoot)(
  "a state in a folder where nobody may write can be read, and is left as it was",
  async () => {
    for (const backend of ["json", "sqlite"] as const) {
      const store = await filled(backend);
      for (const folder of [dirname(store.path), dirname(dirname(store.path))]) chmodSync(folder, 0o755);
      chmodSync(store.path, 0o644);
      const rows = await asNobody(async () => {
        const state = await store.open({ readOnly: true });
        const found = await state.countRows(scope.connectorId);
        await state.close();
        return found;
      });
      expect(rows.pending).toBe(200);
      expect(existsSync(`${store.path}-shm`)).toBe(false);
    }
  },
);

test.skipIf(!isRoot)(
  "what is only in the log of a state that cannot be shared is not left out silently",
  async () => {
    const store = await filled("sqlite", 1);
    const state = await store.open();
    await state.saveRows([pendingRow({ memoryId: "in the log" })]);
    const copy = makeStore("sqlite", join(temporaryFolder(), "state"));
    for (const suffix of ["", "-wal"]) {
      copyFileSync(store.path + suffix, copy.path + suffix);
      chmodSync(copy.path + suffix, 0o644);
    }
    chmodSync(dirname(copy.path), 0o755);
    await expect(asNobody(() => copy.open({ readOnly: true }))).rejects.toMatchObject({
      code: "STATE_READ_FAILED",
      hint: expect.stringContaining("user of the service"),
    });
  },
);

test("noise in the middle of a state is found by an export, and no archive is written", async () => {
  const store = await filled("sqlite", 2000);
  const file = openSync(store.path, "r+");
  writeSync(
    file,
    Buffer.alloc(12_288, 0xa5),
    0,
    12_288,
    Math.floor(statSync(store.path).size / 2 / 4096) * 4096,
  );
  closeSync(file);
  const archive = join(temporaryFolder(), "archive");
  const extras = (async function* () {})();
  const exporting = exportArchive(
    { state: store, file: archive, force: false, connectorId: null, extras, clock: systemClock },
    signal,
  );
  await expect(exporting).rejects.toMatchObject({ code: "STATE_CORRUPT" });
  expect(existsSync(archive)).toBe(false);
});

test("doctor finds damage in the middle of the state, and files that others may read", async () => {
  const { folder } = await startWorld({ memories: 3 });
  const cli = (...args: string[]) => runCli(args, { cwd: folder });
  expect((await cli("sync")).code).toBe(0);
  const [path] = [sqliteState(folder)].filter(existsSync);
  if (path === undefined) throw new Error("the state is elsewhere");
  chmodSync(`${path}.bak1`, 0o644);
  expect((await cli("doctor")).out).toContain(`everybody on this machine may read ${path}.bak1`);
  const whole = readFileSync(path);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(12_288, 0xa5), 0, 12_288, Math.floor(whole.length / 2 / 4096) * 4096);
  closeSync(file);
  expect((await cli("doctor")).out).toContain("STATE_CORRUPT");
});

test("logs, their older files and the files of an index are looked at, too", async () => {
  const folder = temporaryFolder();
  const index = join(folder, "index", "workspace");
  mkdirSync(index, { recursive: true });
  const paths = [join(folder, "mc.log"), join(folder, "mc.log.1"), join(index, "kv_store.json")];
  for (const path of paths) closeSync(openSync(path, "w", 0o600));
  for (const path of paths) chmodSync(path, 0o644);
  const files = await privateFiles({
    statePath: join(folder, "state"),
    logPath: join(folder, "mc.log"),
    indexFolders: [join(folder, "index")],
  });
  const warned = (await checkPermissions(files)).map(({ message }) => message);
  for (const path of paths) expect(warned).toContainEqual(expect.stringContaining(`may read ${path}`));
});

test("under serve a state that is moved is down, takes no change, and is back when the file is", async () => {
  const { folder, configure } = await makeWorld(2);
  configure("connectors: []\nstate: { path: ./kept/state.db }");
  const service = await startService(folder);
  const url = service.url("api");
  const health = async () => (await callApi(url, "GET", "/health")).body;
  const made = { id: "made", context_id: "CTX", schedule: { type: "manual" } };
  const path = join(folder, "kept", "state.db");
  expect(await health()).toMatchObject({ status: "ok" });
  renameSync(path, `${path}.elsewhere`);
  await eventually(async () => (await health()).status === "down");
  expect((await health()).details.parts.state_store.message).toContain("is not there any more");
  const refused = await callApi(url, "POST", "/connectors", { body: made });
  expect(refused.body).toMatchObject({ status: 503, code: "STATE_MOVED" });
  renameSync(`${path}.elsewhere`, path);
  await eventually(async () => (await health()).status === "ok");
  expect((await callApi(url, "POST", "/connectors", { body: made })).status).toBe(201);
  expect((await service.stop()).code).toBe(0);
});
