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
import { createForOwnerOnly, giveToOwnerOfFolder } from "./make-folders.ts";
import { sqliteErrorOf } from "./sqlite-error.ts";

export interface LockHolder {
  pid: number;
  host: string;
  /** Milliseconds since the epoch. */
  since: number;
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

/** Far longer than a look at a lock takes. Milliseconds. */
const lookMs = 25;

/** Keeps the connections reachable: garbage collection would close them and so release the locks. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock that lives in the file `path`, whose folder exists; null when others hold it. Waits for none, but so long for
 * somebody who looks at it (`isLocked`). Throws SQLite's error when the file cannot be created.
 */
export function tryProcessLock(path: string, mode: LockMode, now: number): ProcessLock | null {
  createForOwnerOnly(path);
  const connection = new DatabaseSync(path, { timeout: lookMs });
  try {
    connection.exec(takeIt[mode]);
  } catch (thrown) {
    connection.close();
    if (sqliteErrorOf(thrown) === "busy") return null;
    throw thrown;
  }
  held.add(connection);
  if (mode === "exclusive") writeHolder(path, now);
  return { release: () => release(connection, path, mode) };
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
    const { pid, host, since } = JSON.parse(readFileSync(holderPath(path), "utf8"));
    return typeof pid === "number" && typeof host === "string" && typeof since === "number"
      ? { pid, host, since }
      : null;
  } catch {
    return null;
  }
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

/** Only for people: the lock works without it, so a full disk must not prevent it. */
function writeHolder(path: string, now: number): void {
  const holder: LockHolder = { pid: process.pid, host: hostname(), since: now };
  try {
    writeFileSync(holderPath(path), JSON.stringify(holder), { mode: 0o600 });
    giveToOwnerOfFolder(holderPath(path));
  } catch {
    rmSync(holderPath(path), { force: true });
  }
}

function holderPath(path: string): string {
  return `${path}.holder`;
}
