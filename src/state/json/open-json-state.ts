import { copyFile, readFile, rm } from "node:fs/promises";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../../kernel/util/clock.ts";
import { replaceWith, replaceWithCopy, temporaryPath } from "../../kernel/util/durable-file.ts";
import {
  anyLookMs,
  describeHolder,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../../kernel/util/process-lock.ts";
import { BackupRotation, copyPaths } from "../backup-rotation.ts";
import { ConnectorLocks } from "../connector-locks.ts";
import { type BackendOptions, embeddedStateManager } from "../embedded-state-manager.ts";
import { FilePlace } from "../file-place.ts";
import { GroupCommit } from "../group-commit.ts";
import { KeptErasures } from "../kept-erasures.ts";
import type { StateEntry, StoredRecord } from "../state-content.ts";
import { toStateError } from "../state-error.ts";
import {
  existing,
  locksFolder,
  makeStateFolders,
  newStateNotice,
  quarantine,
  restoredNotice,
  sizeOf,
  stateLockPath,
} from "../state-files.ts";
import type { StateManager } from "../state-manager.ts";
import { decodeState, erasuresInFile, type StateContent, writeState } from "./json-file.ts";
import { JsonStore } from "./json-store.ts";

const keptCopies = 3;

/** Opens the state for reading and writing, in one process at a time. Recovers a damaged state from its newest intact backup. */
export async function openJsonState(options: BackendOptions): Promise<StateManager> {
  const { path, clock } = options;
  try {
    makeStateFolders(path);
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

/** The state as last written; later writes are not visible. A missing state is empty. */
export async function openJsonStateForReading(path: string): Promise<StateManager> {
  try {
    return onlyRead(path, (await sizeOf(path)) === null ? emptyState() : await load(path));
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
}

/** A state for reading in which there is nothing, whatever is to be said of where it is. */
export function openNothing(location: string): StateManager {
  return onlyRead(location, emptyState());
}

function onlyRead(location: string, content: StateContent): StateManager {
  return embeddedStateManager({
    location,
    notices: [],
    tables: new JsonStore(content, () => Promise.reject(new Error("opened for reading only"))),
    clock: systemClock,
    writer: null,
    writersShare: false,
    noteDamage: async () => undefined,
    release: async () => undefined,
  });
}

async function openAlone(options: BackendOptions, writing: ProcessLock): Promise<StateManager> {
  const { path, clock } = options;
  // No other process may be writing, so this file was left by a crash.
  await rm(temporaryPath(path), { force: true });
  const { content: loaded, notices } = await loadOrRecover(path, clock);
  const content = withErasures(loaded, await copiedErasures(path), clock.now());
  const place = new FilePlace(path, { isWrittenWhole: true });
  const store = new JsonStore(content, async (texts) => {
    place.require();
    await replaceWith(path, (temporary) => writeState(temporary, texts));
    place.note();
  });
  const copies = await BackupRotation.of({
    ...options,
    keep: keptCopies,
    write: (target) => copyFile(path, target),
  });
  return embeddedStateManager({
    location: path,
    notices,
    tables: store,
    clock,
    writersShare: false,
    writer: {
      commits: new GroupCommit(store),
      copies,
      place,
      locks: new ConnectorLocks(locksFolder(path), clock),
      // Every change rewrites the whole file.
      rewrite: async () => undefined,
      foldLog: () => true,
    },
    noteDamage: async () => undefined,
    release: async () => writing.release(),
  });
}

function lockForWriting(path: string, clock: Clock): ProcessLock {
  const lockPath = stateLockPath(path);
  const lock = tryProcessLock(lockPath, "exclusive", clock.now(), { patienceMs: anyLookMs });
  if (lock !== null) return lock;
  const message = `${path} is being written by ${describeHolder(readLockHolder(lockPath))}`;
  throw new ConnectorError("STATE_LOCKED", message, { subject: path });
}

async function loadOrRecover(path: string, clock: Clock) {
  const copies = await existing(copyPaths(path, keptCopies));
  const size = await sizeOf(path);
  if (size === null)
    return { content: emptyState(), notices: copies.slice(0, 1).map((copy) => newStateNotice(path, copy)) };
  if (size === 0 && copies.length === 0) return { content: emptyState(), notices: [] };
  try {
    return { content: await load(path), notices: [] };
  } catch (thrown) {
    if (!isConnectorError(thrown, "STATE_CORRUPT")) throw thrown;
    return recover(path, copies, thrown, clock.now());
  }
}

/** Replacing the state by an older one, or deleting it, does not undo erasures made since. */
async function copiedErasures(path: string): Promise<StoredRecord[]> {
  const files = (await existing(copyPaths(path, keptCopies))).map((copy) => readFile(copy));
  return (await Promise.all(files)).flatMap(erasuresInFile);
}

function withErasures(content: StateContent, copied: readonly StoredRecord[], now: number): StateContent {
  const known = new Set(content.records.map(({ collection, id }) => `${collection} ${id}`));
  if (copied.every(({ collection, id }) => collection !== "erasure" || known.has(`erasure ${id}`)))
    return content;
  const kept = new KeptErasures([...copied, ...content.records], now);
  const joined: StateContent = { ...content, ledger: [], records: [], pushed: [] };
  const take = (entry: StateEntry | null) => {
    if (entry?.section === "ledger") joined.ledger.push(entry.record);
    else if (entry?.section === "records") joined.records.push(entry.record);
    else if (entry?.section === "pushed") joined.pushed.push(entry.record);
  };
  for (const record of content.ledger) take(kept.pass({ section: "ledger", record }));
  for (const record of content.records) take(kept.pass({ section: "records", record }));
  for (const record of content.pushed) take(kept.pass({ section: "pushed", record }));
  for (const entry of kept.rest()) take(entry);
  return joined;
}

/** Replaces the damaged file, which is quarantined, by the newest intact backup. Throws the damage when there is none. */
async function recover(path: string, copies: readonly string[], damage: ConnectorError, now: number) {
  for (const copy of copies) {
    const content = await load(copy).catch(() => null);
    if (content === null) continue;
    const aside = await quarantine(path, now, "corrupt");
    await replaceWithCopy(path, copy);
    return { content, notices: [restoredNotice(copy, aside, damage)] };
  }
  throw damage;
}

async function load(path: string): Promise<StateContent> {
  return decodeState(await readFile(path), path);
}

function emptyState(): StateContent {
  return { ledger: [], syncStates: [], runs: [], schedules: [], records: [], values: [], pushed: [] };
}
