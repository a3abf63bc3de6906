import { spawnSync } from "node:child_process";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { readConnectionFiles, writeConnectionFile } from "./connection-file.ts";

const connection = (name: string) => ({ url: `http://127.0.0.1/${name}`, key: name });

function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

/** The connection file of another process, as old as the test says. */
function leave(state: string, name: string, content: object, ageMs = 0): void {
  const path = `${state}.service-${name}`;
  writeFileSync(path, JSON.stringify({ ...connection(name), ...content }));
  utimesSync(path, new Date(), new Date(Date.now() - ageMs));
}

test("each service has a connection file of its own, and the newest comes first", async () => {
  const state = join(temporaryFolder(), "state.db");
  leave(state, "aa", { pid: process.pid, host: hostname() }, 60_000);
  const close = await writeConnectionFile(state, connection("mine"));
  expect(readConnectionFiles(state).map(({ key }) => key)).toEqual(["mine", "aa"]);
  await close();
  expect(readConnectionFiles(state).map(({ key }) => key)).toEqual(["aa"]);
});

test("the connection file of a dead process is ignored, and the next service removes it; one of another machine is kept", async () => {
  const folder = temporaryFolder();
  const state = join(folder, "state.db");
  leave(state, "aa", { pid: deadPid(), host: hostname() });
  leave(state, "bb", { pid: deadPid(), host: "elsewhere" });
  expect(readConnectionFiles(state).map(({ key }) => key)).toEqual(["bb"]);
  await writeConnectionFile(state, connection("mine"));
  expect(readdirSync(folder).filter((name) => name.endsWith("-aa"))).toEqual([]);
  expect(readConnectionFiles(state)).toHaveLength(2);
});

test("files of another state, and files that are no connection files, are not read", async () => {
  const folder = temporaryFolder();
  const state = join(folder, "state.db");
  leave(`${state}.bak1`, "aa", {});
  leave(join(folder, "state"), "bb", {});
  writeFileSync(`${state}.service-cc`, "{");
  writeFileSync(`${state}.service-notes`, JSON.stringify(connection("x")));
  expect(readConnectionFiles(state)).toEqual([]);
  expect(readConnectionFiles(join(folder, "nowhere", "state.db"))).toEqual([]);
});
