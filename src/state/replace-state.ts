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
import { copyPaths, mostCopies } from "./backup-rotation.ts";
import { erasuresAmong, KeptErasures } from "./kept-erasures.ts";
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
  /** Only what belongs to this connector is replaced, and the rest is carried over; null for everything. */
  connectorId: string | null;
  /** False: throw `STATE_NOT_EMPTY` when there is something that would be replaced. */
  overwrite: boolean;
  /** Hands over the new content. Whatever it throws leaves the old state as it was. */
  fill(add: (entry: StateEntry) => void): Promise<void>;
}

/**
 * Replaces a state as a whole: the new one is written beside the old one, made durable and renamed over it, so that a crash at any
 * moment leaves one of the two. Nobody else may have the state open for writing; `STATE_LOCKED` otherwise. What was erased in the old
 * state is erased in the new one. What was there before is kept under another name, which is returned; null when there was nothing.
 */
export async function replaceState(given: ReplaceStateOptions): Promise<string | null> {
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

/** Holds the state against everybody who would write to it. Throws `STATE_LOCKED`. */
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
  const { backend, path, clock } = options;
  const { carried, replaced } = await look(options);
  if (replaced && !options.overwrite) throw notEmpty(options);
  const erasures = new KeptErasures(await erasuresLeft(options), clock.now());
  let aside: string | null = null;
  await replaceWith(path, async (temporary) => {
    const builder = fileBackend(backend).build(temporary);
    try {
      if (carried) await carryOver(options, builder.add);
      await options.fill((entry) => {
        const kept = erasures.pass(entry);
        if (kept !== null) builder.add(kept);
      });
      for (const entry of erasures.rest()) builder.add(entry);
      await builder.finish();
    } finally {
      builder.close();
    }
    aside = await putAside(options, clock.now());
  });
  return aside;
}

/** Whether the state holds something that would be replaced, and something that stays. A damaged one counts as replaced whole. */
async function look(options: ReplaceStateOptions): Promise<{ carried: boolean; replaced: boolean }> {
  const { path, connectorId, overwrite } = options;
  if (((await sizeOf(path)) ?? 0) === 0) return { carried: false, replaced: false };
  try {
    const snapshot = await openSnapshot(options);
    try {
      for (const entry of snapshot.entries()) {
        if (isIn(connectorId, entry)) return { carried: connectorId !== null, replaced: true };
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

/** From the state itself, or from its newest copy that can be read. */
async function erasuresLeft(options: ReplaceStateOptions): Promise<StoredRecord[]> {
  const { backend, path, connectorId } = options;
  for (const place of await existing([path, ...copyPaths(path, mostCopies)])) {
    const snapshot = await openSnapshot({ backend, path: place }).catch(() => null);
    if (snapshot === null) continue;
    try {
      // Of a copy everything counts: nobody carries over what other connectors have in it.
      return [...erasuresAmong(snapshot.entries(), place === path ? connectorId : null)];
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

/** The state's own copies go first: found beside the new state, they would be taken for copies of it. */
async function putAside({ backend, path }: StatePlace, now: number): Promise<string | null> {
  for (const copy of copyPaths(path, mostCopies)) await rm(copy, { force: true });
  if ((await sizeOf(path)) === null) return null;
  await settle({ backend, path }, now);
  const aside = await quarantine(path, now, "replaced");
  await rm(suspectPath(path), { force: true });
  return aside;
}

async function settle({ backend, path }: StatePlace, now: number): Promise<void> {
  try {
    fileBackend(backend).settle(path);
  } catch (thrown) {
    if (!isConnectorError(toStateError(thrown, "open", path), "STATE_CORRUPT")) throw thrown;
    // What is damaged goes aside as it is, its log with it.
    for (const suffix of ["-wal", "-shm"]) {
      for (const found of await existing([path + suffix])) {
        await rename(found, asidePath(path, now, "replaced") + suffix);
      }
    }
  }
}
