import { rm, writeFile } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { type ProcessLock, tryProcessLock } from "../../kernel/util/process-lock.ts";
import { copyPaths } from "../backup-rotation.ts";
import { beganAfresh } from "../recovery-notices.ts";
import { toStateError } from "../state-error.ts";
import { existing, makeStateFolders, sizeOf, stateLockPath, suspectPath } from "../state-files.ts";
import { recoverDatabase } from "./recovery.ts";
import { openForWriting } from "./sqlite-database.ts";

/** The copy is compact and known to be readable, so one is enough. */
export const keptCopies = 1;

/** How long others may take to open, to migrate or to recover the same file. */
const presenceBudgetMs = 10_000;
const presencePauseMs = 100;

export interface OpenedDatabase {
  database: DatabaseSync;
  /** Shared by all who have the file open for writing, so that nobody replaces it meanwhile. */
  presence: ProcessLock;
  notices: string[];
}

/**
 * Opens the database for writing and recovers it from its copy when it is damaged. Whoever finds nobody else there recovers; those
 * who come meanwhile find a good file when it is done.
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

/** Makes the next opening check the whole file, however large. */
export async function markSuspect(path: string): Promise<void> {
  await writeFile(suspectPath(path), "", { mode: 0o600 }).catch(() => undefined);
}

async function noticesOfLoss(path: string): Promise<string[]> {
  if ((await sizeOf(path)) !== null) return [];
  return (await existing(copyPaths(path, keptCopies))).map((copy) => beganAfresh(path, copy));
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

/** What there is to tell: nothing when the file is good by now. Null when others have it open. */
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
