import { cpSync, globSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { addAreaFunction } from "../../src/state/sqlite/memory-index-schema.ts";
import { migrations } from "../../src/state/sqlite/migrations.ts";
import { runCli } from "../support/cli.ts";
import { type ApiMemory, makeApiMemories } from "../support/memory-api-data.ts";
import { cliJson, makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const earlier = migrations.map((_, index) => index + 1).slice(0, -1);
const fileName = "memory_sync_state.db";

/** Columns of the ledger that are made from others. */
const generated = new Set(["age"]);

/** A state as the program wrote it whose newest schema was this one, holding as much of the ledger of another state as it had columns for. */
function writeEarlierState(path: string, schema: number, newer: string): void {
  const database = new DatabaseSync(path);
  database.function("erasure_id", { varargs: true }, () => "");
  addAreaFunction(database);
  for (const step of migrations.slice(0, schema)) database.exec(step);
  database.exec(`PRAGMA user_version = ${schema}; PRAGMA journal_mode = WAL`);
  const columns = database.prepare("SELECT name FROM pragma_table_xinfo('ledger')").all() as {
    name: string;
  }[];
  const names = columns
    .map(({ name }) => name)
    .filter((name) => !generated.has(name))
    .join(", ");
  database.exec(
    `ATTACH '${newer}' AS newer; INSERT INTO ledger (${names}) SELECT ${names} FROM newer.ledger`,
  );
  database.exec("INSERT INTO run SELECT run_id, connector_id, started_at, ended_at, record FROM newer.run");
  database.close();
}

test.each(earlier)(
  "a state of schema %d is taken over: nothing is lost, and nothing is sent again",
  async (schema) => {
    const { folder, memoryApi, lightrag, configure } = await makeWorld(4);
    configure("connectors: [{ id: one, context_id: CTX, schedule: { type: manual } }]");
    const sync = () => runCli(["sync"], { cwd: folder });
    expect(await sync()).toMatchObject({ code: 0 });
    const sent = lightrag.documents().map(({ id }) => id);
    expect(sent).toHaveLength(4);

    const kept = join(temporaryFolder(), fileName);
    cpSync(join(folder, fileName), kept);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, fileName + suffix), { force: true });
    writeEarlierState(join(folder, fileName), schema, kept);

    expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
    memoryApi.put("CTX", memory("late"));
    expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
    expect(lightrag.documents().map(({ id }) => id)).toEqual(expect.arrayContaining(sent));
    expect(lightrag.documents()).toHaveLength(5);
    const { connectors } = await cliJson(folder, "status");
    expect(connectors[0].memories).toMatchObject({ processed: 5 });
    expect((await cliJson(folder, "history")).runs).toHaveLength(3);
    const database = new DatabaseSync(join(folder, fileName), { readOnly: true });
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: migrations.length });
    database.close();
  },
);

test.each([
  ["in the place of the state", "", "state migrate --from state-backup.db --to sqlite"],
  ["named by the configuration, where there is no shell", "state: { path: ./state-backup.db }", "status"],
])(
  "the way back that the page shows: a copy from before, %s, goes on, and what was delivered since is sent by nobody again",
  async (_, setting, command) => {
    const { folder, memoryApi, lightrag, configure } = await makeWorld(3);
    const connectors = "connectors: [{ id: one, context_id: CTX, schedule: { type: manual } }]";
    configure(connectors);
    const run = (line: string) => runCli(line.split(" "), { cwd: folder });
    expect(await run("sync")).toMatchObject({ code: 0 });
    expect(await run("backup state-backup.db")).toMatchObject({ code: 0 });
    memoryApi.put("CTX", memory("late"));
    expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
    const newer = new DatabaseSync(join(folder, fileName));
    newer.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    newer.close();
    expect(await run("status")).toMatchObject({ code: 2, err: expect.stringContaining("STATE_TOO_NEW") });

    configure(`${connectors}\n${setting}`);
    if (setting === "") moveAside(folder);
    expect(await run(command)).toMatchObject({ code: 0 });
    expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
    expect(lightrag.documents()).toHaveLength(4);
    expect((await cliJson(folder, "status")).connectors[0].memories).toMatchObject({ processed: 4 });
  },
);

/** The state and what lies beside it. */
function moveAside(folder: string): void {
  mkdirSync(join(folder, "newer"));
  for (const name of globSync(`${fileName}*`, { cwd: folder }))
    renameSync(join(folder, name), join(folder, "newer", name));
}

function memory(id: string): ApiMemory {
  return { ...(makeApiMemories(1, Date.now())[0] as ApiMemory), id };
}
