import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { replaceWith } from "../../kernel/util/durable-file.ts";

/** How those who may read the state reach the running service: its address, and a key that is valid while it runs. */
export interface ServiceConnection {
  url: string;
  key: string;
}

/** The content of a connection file. Any number of services may run on one state, each with a file of its own. */
interface StoredConnection extends ServiceConnection {
  path: string;
  openedAt: number;
  /** Of the service's process; null in files of earlier versions. */
  pid: number | null;
  host: string | null;
}

/**
 * Writes a connection file next to the state file, readable by its owner only as the state is, and removes those of dead processes.
 * Resolves to a function that removes it.
 */
export async function writeConnectionFile(
  statePath: string,
  { url, key }: ServiceConnection,
): Promise<() => Promise<void>> {
  for (const { path } of storedConnections(statePath).filter(isDead)) await rm(path, { force: true });
  const path = `${statePath}.service-${randomBytes(4).toString("hex")}`;
  const text = JSON.stringify({ url, key, pid: process.pid, host: hostname() });
  await replaceWith(path, (temporary) => writeFile(temporary, text));
  return () => rm(path, { force: true });
}

/** The connections to the services on this state, newest first; without files that this user may not read and those of dead processes. */
export function readConnectionFiles(statePath: string): ServiceConnection[] {
  return storedConnections(statePath)
    .filter((connection) => !isDead(connection))
    .toSorted((one, other) => other.openedAt - one.openedAt);
}

function storedConnections(statePath: string): StoredConnection[] {
  const folder = dirname(statePath);
  const isConnectionFile = (name: string) =>
    /^\.service(-[0-9a-f]+)?$/u.test(name.slice(basename(statePath).length));
  try {
    const names = readdirSync(folder).filter(
      (name) => name.startsWith(basename(statePath)) && isConnectionFile(name),
    );
    return names.flatMap((name) => readConnectionFile(join(folder, name)) ?? []);
  } catch {
    return [];
  }
}

function readConnectionFile(path: string): StoredConnection | null {
  try {
    const {
      url,
      key,
      pid = null,
      host = null,
    } = JSON.parse(readFileSync(path, "utf8")) as Partial<StoredConnection>;
    if (typeof url !== "string" || typeof key !== "string") return null;
    return { path, openedAt: statSync(path).mtimeMs, url, key, pid, host };
  } catch {
    return null;
  }
}

/** A process on another machine, or in another container, counts as alive: it cannot be checked from here. */
function isDead({ pid, host }: StoredConnection): boolean {
  if (pid === null || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ESRCH";
  }
}
