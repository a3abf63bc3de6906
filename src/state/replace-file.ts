import { rename, rm } from "node:fs/promises";
import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { replaceWith } from "../kernel/util/durable-file.ts";
import {
  describeHolder,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../kernel/util/process-lock.ts";
import { copyPaths, maxCopies } from "./backup-rotation.ts";
import type { ReplaceableState, StateBuilder, StateSnapshot } from "./state-content.ts";
import { toStateError } from "./state-error.ts";
import {
  asidePath,
  existing,
  locksFolder,
  makeStateFolders,
  quarantine,
  sizeOf,
  stateLockPath,
  suspectPath,
} from "./state-files.ts";

/** What a backend that keeps a state in one file can do with it. */
export interface StateFile {
  openSnapshot(path: string): Promise<StateSnapshot>;
  /** Fills the empty file at `path`. */
  build(path: string): StateBuilder;
  /** Copies the state, which may be in use, into the empty file `target`, and verifies the copy. */
  copy(path: string, target: string): Promise<void>;
  /** Folds the closed state into the single file at `path`. */
  settle(path: string): void;
}

/** Does work on the state while no other process has it open for writing. Throws `STATE_LOCKED`. */
export async function withFileAlone<T>(
  file: StateFile,
  path: string,
  clock: Clock,
  work: (state: ReplaceableState) => Promise<T>,
): Promise<T> {
  makeStateFolders(path);
  const lock = lockAlone(path, clock);
  try {
    return await work(replaceable(file, path, clock));
  } finally {
    lock.release();
  }
}

/** Keeps writers away until the result is called. A file that was never opened as a state, such as a backup, has no lock files and no writer. */
export async function holdFile(path: string, clock: Clock): Promise<() => Promise<void>> {
  const lock = (await sizeOf(locksFolder(path))) === null ? null : lockAlone(path, clock);
  return async () => lock?.release();
}

function lockAlone(path: string, clock: Clock): ProcessLock {
  const lockPath = stateLockPath(path);
  const lock = tryProcessLock(lockPath, "exclusive", clock.now());
  if (lock !== null) return lock;
  const message = `${path} is in use by ${describeHolder(readLockHolder(lockPath))}`;
  throw new ConnectorError("STATE_LOCKED", message, { subject: path, hint: stopHint });
}

/** What to do when a state has to be alone and is not. */
export const stopHint = "stop the service and every run that uses this state, then try again";

/** The new state is written to a temporary file, synced and renamed over the old one, which is kept under another name. */
function replaceable(file: StateFile, path: string, clock: Clock): ReplaceableState {
  return {
    openItself: async () => {
      if (((await sizeOf(path)) ?? 0) === 0) return null;
      return file.openSnapshot(path).catch((thrown) => {
        throw toStateError(thrown, "open", path);
      });
    },
    openCopy: async () => {
      for (const copy of await existing(copyPaths(path, maxCopies))) {
        const snapshot = await file.openSnapshot(copy).catch(() => null);
        if (snapshot !== null) return snapshot;
      }
      return null;
    },
    replace: async (fill) => {
      let aside: string | null = null;
      await replaceWith(path, async (temporary) => {
        const builder = file.build(temporary);
        try {
          await fill(builder);
        } finally {
          builder.close();
        }
        aside = await quarantineOld(file, path, clock.now());
      });
      return aside;
    },
  };
}

/** The old backups are removed first: next to the new state they would be mistaken for its own. */
async function quarantineOld(file: StateFile, path: string, now: number): Promise<string | null> {
  for (const copy of copyPaths(path, maxCopies)) await rm(copy, { force: true });
  if ((await sizeOf(path)) === null) return null;
  await settle(file, path, now);
  const aside = await quarantine(path, now, "replaced");
  await rm(suspectPath(path), { force: true });
  return aside;
}

async function settle(file: StateFile, path: string, now: number): Promise<void> {
  try {
    file.settle(path);
  } catch (thrown) {
    if (!isConnectorError(toStateError(thrown, "open", path), "STATE_CORRUPT")) throw thrown;
    // A damaged state is quarantined unchanged, together with its log.
    for (const suffix of ["-wal", "-shm"]) {
      for (const found of await existing([path + suffix])) {
        await rename(found, asidePath(path, now, "replaced") + suffix);
      }
    }
  }
}
