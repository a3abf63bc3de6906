import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ConnectorError, isConnectorError } from "../../errors/connector-error.ts";
import type { Clock } from "../../util/clock.ts";
import { type LockMode, type ProcessLock, tryProcessLock } from "../../util/process-lock.ts";
import { copyPaths } from "../good-copies.ts";
import { beganAfresh } from "../recovery-notices.ts";
import { toStateError } from "../state-error.ts";
import { existing, locksFolder, makeStateFolders, sizeOf } from "../state-files.ts";
import { recoverDatabase } from "./recovery.ts";
import { openForWriting } from "./sqlite-database.ts";

/** The copy is compact and known to be readable, so one is enough. */
export const keptCopies = 1;

/** How long others may take to open, to migrate or to recover the same file. */
const presenceBudgetMs = 10_000;
const presencePauseMs = 25;

export interface OpenedDatabase {
  database: DatabaseSync;
  /** Shared by all who have the file open for writing, so that nobody replaces it meanwhile. */
  presence: ProcessLock;
  notices: string[];
}

/** Opens the database for writing and recovers it from its copy when it is damaged. */
export async function openOrRecover(path: string, clock: Clock): Promise<OpenedDatabase> {
  await makeStateFolders(path);
  const copies = await existing(copyPaths(path, keptCopies));
  const notices = (await sizeOf(path)) === null ? copies.map((copy) => beganAfresh(path, copy)) : [];
  try {
    return { ...(await openShared(path, clock)), notices };
  } catch (thrown) {
    if (!isConnectorError(thrown, "STATE_CORRUPT")) throw thrown;
    notices.push(...(await recoverAlone(path, thrown, clock)));
    return { ...(await openShared(path, clock)), notices };
  }
}

/** Makes the next opening check the whole file, however large. */
export async function markSuspect(path: string): Promise<void> {
  await writeFile(suspectPath(path), "", { mode: 0o600 }).catch(() => undefined);
}

async function openShared(path: string, clock: Clock) {
  const presence = await waitForPresence(path, "shared", clock);
  if (presence === null) {
    throw new ConnectorError("STATE_LOCKED", `${path} is being recovered by another process`, {
      subject: path,
    });
  }
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

/** Whoever is first recovers; the others find a good file when it is their turn. */
async function recoverAlone(path: string, damage: ConnectorError, clock: Clock): Promise<string[]> {
  const presence = await waitForPresence(path, "exclusive", clock);
  if (presence === null) {
    const hint = "stop every process that uses this state and run again: it is then recovered from its copy";
    throw new ConnectorError("STATE_CORRUPT", damage.message, { subject: path, cause: damage, hint });
  }
  try {
    const database = await openChecked(path).catch(() => null);
    database?.close();
    if (database !== null) return [];
    const notice = await recoverDatabase(path, copyPaths(path, keptCopies), damage, clock.now());
    await rm(suspectPath(path), { force: true });
    return [notice];
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  } finally {
    presence.release();
  }
}

async function waitForPresence(path: string, mode: LockMode, clock: Clock): Promise<ProcessLock | null> {
  const deadline = clock.monotonic() + presenceBudgetMs;
  for (;;) {
    const lock = tryProcessLock(join(locksFolder(path), "state.lock"), mode, clock.now());
    if (lock !== null || clock.monotonic() >= deadline) return lock;
    await clock.sleep(presencePauseMs);
  }
}

function suspectPath(path: string): string {
  return `${path}.suspect`;
}
