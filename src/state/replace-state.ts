import { rename, rm } from "node:fs/promises";
import { ConnectorError, isAbort, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { followLinks, replaceWith } from "../kernel/util/durable-file.ts";
import {
  describeHolder,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../kernel/util/process-lock.ts";
import { copyPaths, maxCopies } from "./backup-rotation.ts";
import { erasuresAmong, isSources, KeptErasures } from "./kept-erasures.ts";
import { fileBackend, openSnapshot, type StatePlace } from "./open-state.ts";
import { connectorOf } from "./ownership.ts";
import type { StateEntry, StoredRecord } from "./state-content.ts";
import { toStateError } from "./state-error.ts";
import {
  asidePath,
  existing,
  makeStateFolders,
  quarantine,
  sizeOf,
  stateLockPath,
  suspectPath,
} from "./state-files.ts";

export interface ReplaceStateOptions extends StatePlace {
  clock: Clock;
  /** Replaces only the data of this connector and carries the rest over; null for everything. */
  connectorId: string | null;
  /** False: throw `STATE_NOT_EMPTY` when there is data to be replaced. */
  overwrite: boolean;
  /** Supplies the new content. If it throws, the old state is unchanged. */
  fill(add: (entry: StateEntry) => void): Promise<void>;
}

/**
 * Replaces a state atomically: the new one is written to a temporary file, synced and renamed over the old one. No other process
 * may have the state open for writing; `STATE_LOCKED` otherwise. Erasures of the old state apply to the new one. The old state is
 * kept under another name, which is returned; null when there was none.
 */
export async function replaceState(given: ReplaceStateOptions): Promise<string | null> {
  fileBackend(given);
  const options = { ...given, path: await followLinks(given.path) };
  const { path, clock } = options;
  try {
    makeStateFolders(path);
    const lock = lockAlone(path, clock);
    try {
      return await replaceAlone(options);
    } finally {
      lock.release();
    }
  } catch (thrown) {
    throw isAbort(thrown) ? thrown : toStateError(thrown, "write", path);
  }
}

/** Locks the state exclusively against writers. Throws `STATE_LOCKED`. */
export function lockAlone(path: string, clock: Clock): ProcessLock {
  const lockPath = stateLockPath(path);
  const lock = tryProcessLock(lockPath, "exclusive", clock.now());
  if (lock !== null) return lock;
  const message = `${path} is in use by ${describeHolder(readLockHolder(lockPath))}`;
  throw new ConnectorError("STATE_LOCKED", message, {
    subject: path,
    hint: "stop the service and every run that uses this state, then try again",
  });
}

async function replaceAlone(options: ReplaceStateOptions): Promise<string | null> {
  const { path, clock } = options;
  const { carried, replaced } = await look(options);
  if (replaced && !options.overwrite) throw notEmpty(options);
  const erasures = new KeptErasures(await remainingErasures(options), clock.now());
  let aside: string | null = null;
  await replaceWith(path, async (temporary) => {
    const builder = fileBackend(options).build(temporary);
    try {
      const add = (entry: StateEntry) => {
        const kept = erasures.pass(entry);
        if (kept !== null) builder.add(kept);
      };
      if (carried) await carryOver(options, add);
      await options.fill(add);
      for (const entry of erasures.rest()) builder.add(entry);
      await builder.finish();
    } finally {
      builder.close();
    }
    aside = await quarantineOld(options, clock.now());
  });
  return aside;
}

/** Whether the state has data to be replaced and data to be kept. A damaged one is replaced as a whole. */
async function look(options: ReplaceStateOptions): Promise<{ carried: boolean; replaced: boolean }> {
  const { path, connectorId, overwrite } = options;
  if (((await sizeOf(path)) ?? 0) === 0) return { carried: false, replaced: false };
  try {
    const snapshot = await openSnapshot(options);
    try {
      for (const entry of snapshot.entries()) {
        if (isIn(connectorId, entry) && !isSources(entry))
          return { carried: connectorId !== null, replaced: true };
      }
      return { carried: connectorId !== null, replaced: false };
    } finally {
      snapshot.close();
    }
  } catch (thrown) {
    if (connectorId === null && overwrite && isConnectorError(thrown, "STATE_CORRUPT")) {
      return { carried: false, replaced: true };
    }
    throw thrown;
  }
}

/** From the state itself, or from its newest readable backup. */
async function remainingErasures(options: ReplaceStateOptions): Promise<StoredRecord[]> {
  const { backend, path, connectorId } = options;
  for (const place of await existing([path, ...copyPaths(path, maxCopies)])) {
    const snapshot = await openSnapshot({ backend, path: place }).catch(() => null);
    if (snapshot === null) continue;
    try {
      // Of a backup everything counts: data of other connectors is not carried over from it.
      return erasuresAmong(snapshot.entries(), place === path ? connectorId : null);
    } finally {
      snapshot.close();
    }
  }
  return [];
}

function isIn(connectorId: string | null, entry: StateEntry): boolean {
  return connectorId === null || connectorOf(entry) === connectorId;
}

async function carryOver(options: ReplaceStateOptions, add: (entry: StateEntry) => void): Promise<void> {
  const snapshot = await openSnapshot(options);
  try {
    for (const entry of snapshot.entries()) {
      if (!isIn(options.connectorId, entry)) add(entry);
    }
  } finally {
    snapshot.close();
  }
}

function notEmpty({ path, connectorId }: ReplaceStateOptions): ConnectorError {
  const what = connectorId === null ? "something" : `something of connector "${connectorId}"`;
  return new ConnectorError("STATE_NOT_EMPTY", `the state ${path} already holds ${what}`, { subject: path });
}

/** The old backups are removed first: next to the new state they would be mistaken for its own. */
async function quarantineOld({ backend, path }: StatePlace, now: number): Promise<string | null> {
  for (const copy of copyPaths(path, maxCopies)) await rm(copy, { force: true });
  if ((await sizeOf(path)) === null) return null;
  await settle({ backend, path }, now);
  const aside = await quarantine(path, now, "replaced");
  await rm(suspectPath(path), { force: true });
  return aside;
}

async function settle({ backend, path }: StatePlace, now: number): Promise<void> {
  try {
    fileBackend({ backend, path }).settle(path);
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
