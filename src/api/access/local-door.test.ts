import { spawnSync } from "node:child_process";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { openLocalDoor, readLocalDoors } from "./local-door.ts";

const door = (name: string) => ({ url: `http://127.0.0.1/${name}`, key: name });

function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

/** A door that another process left, as old as the test says. */
function leave(state: string, name: string, content: object, ageMs = 0): void {
  const path = `${state}.service-${name}`;
  writeFileSync(path, JSON.stringify({ ...door(name), ...content }));
  utimesSync(path, new Date(), new Date(Date.now() - ageMs));
}

test("each service has a door of its own, and the newest comes first", async () => {
  const state = join(temporaryFolder(), "state.db");
  leave(state, "aa", { pid: process.pid, host: hostname() }, 60_000);
  const close = await openLocalDoor(state, door("mine"));
  expect(readLocalDoors(state).map(({ key }) => key)).toEqual(["mine", "aa"]);
  await close();
  expect(readLocalDoors(state).map(({ key }) => key)).toEqual(["aa"]);
});

test("the door of a dead process is no door, and the next service clears it away; of other machines nothing is known", async () => {
  const folder = temporaryFolder();
  const state = join(folder, "state.db");
  leave(state, "aa", { pid: deadPid(), host: hostname() });
  leave(state, "bb", { pid: deadPid(), host: "elsewhere" });
  expect(readLocalDoors(state).map(({ key }) => key)).toEqual(["bb"]);
  await openLocalDoor(state, door("mine"));
  expect(readdirSync(folder).filter((name) => name.endsWith("-aa"))).toEqual([]);
  expect(readLocalDoors(state)).toHaveLength(2);
});

test("what lies beside another state, or is no door, is not read", async () => {
  const folder = temporaryFolder();
  const state = join(folder, "state.db");
  leave(`${state}.bak1`, "aa", {});
  leave(join(folder, "state"), "bb", {});
  writeFileSync(`${state}.service-cc`, "{");
  writeFileSync(`${state}.service-notes`, JSON.stringify(door("x")));
  expect(readLocalDoors(state)).toEqual([]);
  expect(readLocalDoors(join(folder, "nowhere", "state.db"))).toEqual([]);
});
