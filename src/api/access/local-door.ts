import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { replaceWith } from "../../kernel/util/durable-file.ts";

/** The way into a running service for those who may read its state: where it listens, and a key that is good while it runs. */
export interface LocalDoor {
  url: string;
  key: string;
}

/** A door as its file tells it. Any number of services may run on one state, each with a door of its own. */
interface StoredDoor extends LocalDoor {
  path: string;
  openedAt: number;
  /** Of the process behind it; null in files of earlier versions. */
  pid: number | null;
  host: string | null;
}

/**
 * Makes a door beside the state file, for the owner alone as the state is, and clears away those of processes that are gone. Resolves to
 * the way to close it.
 */
export async function openLocalDoor(
  statePath: string,
  { url, key }: LocalDoor,
): Promise<() => Promise<void>> {
  for (const { path } of storedDoors(statePath).filter(isDead)) await rm(path, { force: true });
  const path = `${statePath}.service-${randomBytes(4).toString("hex")}`;
  const text = JSON.stringify({ url, key, pid: process.pid, host: hostname() });
  await replaceWith(path, (temporary) => writeFile(temporary, text));
  return () => rm(path, { force: true });
}

/** The doors of the services on this state, the one that was opened last first; none that is not for us or whose process is gone. */
export function readLocalDoors(statePath: string): LocalDoor[] {
  return storedDoors(statePath)
    .filter((door) => !isDead(door))
    .toSorted((one, other) => other.openedAt - one.openedAt);
}

function storedDoors(statePath: string): StoredDoor[] {
  const folder = dirname(statePath);
  const isDoor = (name: string) => /^\.service(-[0-9a-f]+)?$/u.test(name.slice(basename(statePath).length));
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(basename(statePath)) && isDoor(name));
    return names.flatMap((name) => readDoor(join(folder, name)) ?? []);
  } catch {
    return [];
  }
}

function readDoor(path: string): StoredDoor | null {
  try {
    const {
      url,
      key,
      pid = null,
      host = null,
    } = JSON.parse(readFileSync(path, "utf8")) as Partial<StoredDoor>;
    if (typeof url !== "string" || typeof key !== "string") return null;
    return { path, openedAt: statSync(path).mtimeMs, url, key, pid, host };
  } catch {
    return null;
  }
}

/** Of a process on another machine, or in another container, nothing is known here. */
function isDead({ pid, host }: StoredDoor): boolean {
  if (pid === null || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ESRCH";
  }
}
