import { copyFile, readFile, rm } from "node:fs/promises";
import { ConnectorError, isConnectorError } from "../../errors/connector-error.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { replaceWith, replaceWithCopy, temporaryPath } from "../../util/durable-file.ts";
import { describeHolder, type ProcessLock, readLockHolder, tryProcessLock } from "../../util/process-lock.ts";
import type { BackendOptions } from "../backend-options.ts";
import { ConnectorLocks } from "../connector-locks.ts";
import { EmbeddedStateManager } from "../embedded-state-manager.ts";
import { copyPaths, GoodCopies } from "../good-copies.ts";
import { GroupCommit } from "../group-commit.ts";
import { beganAfresh, wentBackTo } from "../recovery-notices.ts";
import { toStateError } from "../state-error.ts";
import { existing, keepAside, locksFolder, makeStateFolders, sizeOf, stateLockPath } from "../state-files.ts";
import type { StateManager } from "../state-manager.ts";
import { decodeState, type StateContent, writeState } from "./json-file.ts";
import { JsonStore } from "./json-store.ts";

const keptCopies = 3;

/** Opens the state for reading and writing; one process at a time may. Recovers it from its newest good copy when it is damaged. */
export async function openJsonState(options: BackendOptions): Promise<StateManager> {
  const { path, clock } = options;
  try {
    await makeStateFolders(path);
    const writing = lockForWriting(path, clock);
    try {
      return await openAlone(options, writing);
    } catch (thrown) {
      writing.release();
      throw thrown;
    }
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
}

/** The state as it was last written; what is written later does not show. A state that is not there yet is empty. */
export async function openJsonStateForReading(path: string): Promise<StateManager> {
  try {
    const content = (await sizeOf(path)) === null ? emptyState() : await load(path);
    const tables = new JsonStore(content, () => Promise.reject(new Error("opened for reading only")));
    return new EmbeddedStateManager({
      location: path,
      notices: [],
      tables,
      clock: systemClock,
      writer: null,
      noteDamage: async () => undefined,
      release: async () => undefined,
    });
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
}

async function openAlone(options: BackendOptions, writing: ProcessLock): Promise<StateManager> {
  const { path, clock } = options;
  // Nobody but us may be writing, so what lies here was left by a crash.
  await rm(temporaryPath(path), { force: true });
  const { content, notices } = await loadOrRecover(path, clock);
  const store = new JsonStore(content, (texts) => {
    return replaceWith(path, (temporary) => writeState(temporary, texts));
  });
  const copies = await GoodCopies.of({
    ...options,
    keep: keptCopies,
    write: (target) => copyFile(path, target),
  });
  return new EmbeddedStateManager({
    location: path,
    notices,
    tables: store,
    clock,
    writer: { commits: new GroupCommit(store), copies, locks: new ConnectorLocks(locksFolder(path), clock) },
    noteDamage: async () => undefined,
    release: async () => writing.release(),
  });
}

function lockForWriting(path: string, clock: Clock): ProcessLock {
  const lockPath = stateLockPath(path);
  const lock = tryProcessLock(lockPath, "exclusive", clock.now());
  if (lock !== null) return lock;
  const message = `${path} is being written by ${describeHolder(readLockHolder(lockPath))}`;
  throw new ConnectorError("STATE_LOCKED", message, { subject: path });
}

async function loadOrRecover(path: string, clock: Clock) {
  const copies = await existing(copyPaths(path, keptCopies));
  const size = await sizeOf(path);
  if (size === null)
    return { content: emptyState(), notices: copies.slice(0, 1).map((copy) => beganAfresh(path, copy)) };
  if (size === 0 && copies.length === 0) return { content: emptyState(), notices: [] };
  try {
    return { content: await load(path), notices: [] };
  } catch (thrown) {
    if (!isConnectorError(thrown, "STATE_CORRUPT")) throw thrown;
    return recover(path, copies, thrown, clock.now());
  }
}

/** Puts the newest good copy in the place of the damaged file, which is kept aside. Throws the damage when there is none. */
async function recover(path: string, copies: readonly string[], damage: ConnectorError, now: number) {
  for (const copy of copies) {
    const content = await load(copy).catch(() => null);
    if (content === null) continue;
    const aside = await keepAside(path, now, "corrupt");
    await replaceWithCopy(path, copy);
    return { content, notices: [wentBackTo(copy, aside, damage)] };
  }
  throw damage;
}

async function load(path: string): Promise<StateContent> {
  return decodeState(await readFile(path), path);
}

function emptyState(): StateContent {
  return { ledger: [], syncStates: [], runs: [], schedules: [], records: [], values: [] };
}
