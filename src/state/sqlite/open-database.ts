import { rename, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { replaceWithCopy } from "../../kernel/util/durable-file.ts";
import { type ProcessLock, tryProcessLock } from "../../kernel/util/process-lock.ts";
import { copyPaths } from "../backup-rotation.ts";
import { toStateError } from "../state-error.ts";
import {
  asidePath,
  existing,
  makeStateFolders,
  newStateNotice,
  quarantine,
  restoredNotice,
  sizeOf,
  stateLockPath,
  suspectPath,
} from "../state-files.ts";
import { checkDatabase, openForWriting } from "./sqlite-database.ts";

/** The backup is compact and verified, so one is enough. */
export const keptCopies = 1;

/** Time limit for other processes that open, migrate or recover the same file. */
const presenceBudgetMs = 10_000;
const presencePauseMs = 100;

export interface OpenedDatabase {
  database: DatabaseSync;
  /** Shared by all writers, so that the file is not replaced meanwhile. */
  presence: ProcessLock;
  notices: string[];
}

/**
 * Opens the database for writing and recovers it from its backup when it is damaged. A process that has it exclusively recovers;
 * processes that open it meanwhile wait and find an intact file.
 */
export async function openOrRecover(path: string, clock: Clock): Promise<OpenedDatabase> {
  makeStateFolders(path);
  const notices = await noticesOfLoss(path);
  const deadline = clock.monotonic() + presenceBudgetMs;
  for (let recovered = false; ; ) {
    try {
      return { ...(await openShared(path, clock, deadline)), notices };
    } catch (thrown) {
      if (recovered || !isConnectorError(thrown, "STATE_CORRUPT")) throw thrown;
      const told = await recoverAlone(path, thrown, clock);
      notices.push(...(told ?? []));
      recovered = told !== null;
      if (!recovered) await waitForOthers(path, thrown, clock, deadline);
    }
  }
}

/** Makes the next opening verify the whole file, whatever its size. */
export async function markSuspect(path: string): Promise<void> {
  await writeFile(suspectPath(path), "", { mode: 0o600 }).catch(() => undefined);
}

async function noticesOfLoss(path: string): Promise<string[]> {
  if ((await sizeOf(path)) !== null) return [];
  return (await existing(copyPaths(path, keptCopies))).map((copy) => newStateNotice(path, copy));
}

async function openShared(path: string, clock: Clock, deadline: number) {
  const presence = await sharePresence(path, clock, deadline);
  try {
    return { database: await openChecked(path), presence };
  } catch (thrown) {
    presence.release();
    throw toStateError(thrown, "open", path);
  }
}

async function openChecked(path: string): Promise<DatabaseSync> {
  const isCutToNothing =
    (await sizeOf(path)) === 0 && (await existing(copyPaths(path, keptCopies))).length > 0;
  if (isCutToNothing) throw new ConnectorError("STATE_CORRUPT", `${path} is empty`, { subject: path });
  const isSuspect = (await sizeOf(suspectPath(path))) !== null;
  const database = openForWriting(path, isSuspect);
  if (isSuspect) await rm(suspectPath(path), { force: true });
  return database;
}

/** The notices of the recovery: none when the file is intact by now. Null when others have it open. */
async function recoverAlone(path: string, damage: ConnectorError, clock: Clock): Promise<string[] | null> {
  const presence = tryProcessLock(stateLockPath(path), "exclusive", clock.now());
  if (presence === null) return null;
  try {
    const database = await openChecked(path).catch(() => null);
    database?.close();
    if (database !== null) return [];
    const notice = await recoverDatabase(path, copyPaths(path, keptCopies), damage, clock.now());
    await rm(suspectPath(path), { force: true });
    return [notice];
  } finally {
    presence.release();
  }
}

async function waitForOthers(path: string, damage: ConnectorError, clock: Clock, deadline: number) {
  if (clock.monotonic() >= deadline) {
    const hint = "stop every process that uses this state and run again: it is then recovered from its copy";
    throw new ConnectorError("STATE_CORRUPT", damage.message, { subject: path, cause: damage, hint });
  }
  await clock.sleep(presencePauseMs);
}

async function sharePresence(path: string, clock: Clock, deadline: number): Promise<ProcessLock> {
  for (;;) {
    const lock = tryProcessLock(stateLockPath(path), "shared", clock.now());
    if (lock !== null) return lock;
    if (clock.monotonic() >= deadline) {
      const message = `${path} is being recovered by another process`;
      throw new ConnectorError("STATE_LOCKED", message, { subject: path });
    }
    await clock.sleep(presencePauseMs);
  }
}

/**
 * Replaces a damaged database, which is quarantined, by its newest intact backup; returns the notice. No other process may have the
 * database open. Throws the damage when there is no intact backup.
 */
async function recoverDatabase(
  path: string,
  copies: readonly string[],
  damage: ConnectorError,
  now: number,
): Promise<string> {
  const copy = (await existing(copies)).find(isGood);
  if (copy === undefined) throw damage;
  // The log is removed first: otherwise it would be replayed into the backup.
  for (const suffix of ["-wal", "-shm"]) {
    for (const found of await existing([path + suffix]))
      await rename(found, asidePath(path, now, "corrupt") + suffix);
  }
  const aside = await quarantine(path, now, "corrupt");
  await replaceWithCopy(path, copy);
  return restoredNotice(copy, aside, damage);
}

function isGood(copy: string): boolean {
  try {
    const database = new DatabaseSync(copy, { readOnly: true });
    try {
      checkDatabase(database, copy);
      return true;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}
