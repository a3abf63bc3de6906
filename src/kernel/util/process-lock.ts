/**
 * Locks between processes of one machine. A lock is a transaction held open on an empty SQLite file, so the kernel owns it: it ends
 * with its process, however that dies, and there is no stale lock to detect and no reused pid to confuse (docs/decisions/011).
 * Within one process SQLite keeps its connections apart in the same way.
 *
 * POSIX drops every lock that a process has on a file when it closes any descriptor of that file. So nothing may open a lock file
 * by other means; the holder of the lock is recorded in a separate file.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { createForOwnerOnly, giveToOwnerOfFolder } from "./owned-files.ts";
import { sqliteErrorOf } from "./sqlite-error.ts";

export interface LockHolder {
  pid: number;
  host: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Of the running kernel, which containers with hosts of their own share; missing where it has none. */
  boot?: string;
  /** The id of what it works on; missing where it has none. */
  work?: string;
}

export interface ProcessLock {
  /** Releasing twice is harmless. */
  release(): void;
}

/** Held by any number of processes, or exclusively by one. */
export type LockMode = "shared" | "exclusive";

const takeIt: Record<LockMode, string> = {
  exclusive: "PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE",
  shared: "BEGIN; SELECT 1 FROM sqlite_schema",
};

export interface LockOptions {
  /** The id of what the lock is taken for. */
  work?: string | undefined;
  /** How long somebody who only looks at the lock is waited for. Give more only where nobody shares it. Milliseconds. */
  patienceMs?: number;
}

/** Longer than a look at a lock takes, unless its process does not get the processor. Milliseconds. */
const lookMs = 25;

/** However busy the machine is, a look takes less. Milliseconds. */
export const anyLookMs = 10_000;

/** Keeps the connections reachable: garbage collection would close them and so release the locks. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock that lives in the file `path`, whose folder exists; null when others hold it. Waits for none, but `patienceMs` for
 * somebody who looks at it (`isLocked`). Throws SQLite's error when the file cannot be created.
 */
export function tryProcessLock(
  path: string,
  mode: LockMode,
  now: number,
  { work, patienceMs = lookMs }: LockOptions = {},
): ProcessLock | null {
  createForOwnerOnly(path);
  const connection = new DatabaseSync(path, { timeout: lookMs });
  try {
    const deadline = performance.now() + patienceMs;
    const mayWait = () => mode === "exclusive" && performance.now() < deadline && isOnlyShared(connection);
    let isMine = isTaken(connection, takeIt[mode]);
    while (!isMine && mayWait()) isMine = isTaken(connection, takeIt[mode]);
    if (!isMine) {
      connection.close();
      return null;
    }
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
  held.add(connection);
  if (mode === "exclusive") writeHolder(path, now, work);
  return { release: () => release(connection, path, mode) };
}

function isTaken(connection: DatabaseSync, statements: string): boolean {
  try {
    connection.exec(statements);
    return true;
  } catch (thrown) {
    if (sqliteErrorOf(thrown) === "busy") return false;
    throw thrown;
  }
}

/** Beside those who share a lock, SQLite lets one other reserve it; beside an exclusive holder none. */
function isOnlyShared(connection: DatabaseSync): boolean {
  return isTaken(connection, "BEGIN IMMEDIATE; ROLLBACK");
}

/**
 * Whether the lock could not be taken so at this moment: to share it, because a process holds it exclusively, or exclusively, because any holds
 * it, this one included. Creates and writes nothing. A free lock is taken for the moment of the look, so whoever takes it allows for that. One
 * that may not be looked at counts as held.
 */
export function isLocked(path: string, against: LockMode): boolean {
  if (!existsSync(path)) return false;
  let connection: DatabaseSync | null = null;
  try {
    connection = new DatabaseSync(path, { readOnly: against === "shared", timeout: 0 });
    connection.exec(takeIt[against]);
    return false;
  } catch {
    return true;
  } finally {
    connection?.close();
  }
}

/** The exclusive holder of the lock, as far as is known: the file is written just after the lock is taken. */
export function readLockHolder(path: string): LockHolder | null {
  try {
    const { pid, host, since, boot, work } = JSON.parse(readFileSync(holderPath(path), "utf8"));
    if (typeof pid !== "number" || typeof host !== "string" || typeof since !== "number") return null;
    return {
      ...{ pid, host, since },
      ...(typeof boot === "string" && { boot }),
      ...(typeof work === "string" && { work }),
    };
  } catch {
    return null;
  }
}

/** Whether the locks of a holder are seen here: it is, or was, on this machine. Between machines, file systems may have no locks. */
export function isOfThisMachine({ host, boot }: Pick<LockHolder, "host" | "boot">): boolean {
  return host === hostname() || (boot !== undefined && boot === thisBoot());
}

/** `process 4711 on host since 2025-01-01T00:00:00.000Z` */
export function describeHolder(holder: LockHolder | null): string {
  if (holder === null) return "another process";
  return `process ${holder.pid} on ${holder.host} since ${new Date(holder.since).toISOString()}`;
}

/** A file name for a lock: readable where possible, and distinct for distinct names on every file system. */
export function lockFileName(name: string): string {
  const readable = name.replace(/[^A-Za-z0-9_-]+/gu, "_").slice(0, 40);
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${readable}-${digest}.lock`;
}

function release(connection: DatabaseSync, path: string, mode: LockMode): void {
  if (!held.delete(connection)) return;
  if (mode === "exclusive") rmSync(holderPath(path), { force: true });
  connection.close();
}

/** Only to be shown: the lock works without it, so a full disk must not prevent it. */
function writeHolder(path: string, now: number, work: string | undefined): void {
  const boot = thisBoot();
  const holder: LockHolder = {
    ...{ pid: process.pid, host: hostname(), since: now },
    ...(boot !== undefined && { boot }),
    ...(work !== undefined && { work }),
  };
  try {
    writeFileSync(holderPath(path), JSON.stringify(holder), { mode: 0o600 });
    giveToOwnerOfFolder(holderPath(path));
  } catch {
    rmSync(holderPath(path), { force: true });
  }
}

/** Only Linux says it. */
function thisBoot(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}

function holderPath(path: string): string {
  return `${path}.holder`;
}
