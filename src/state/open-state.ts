import { stat } from "node:fs/promises";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../kernel/util/clock.ts";
import { followLinks } from "../kernel/util/durable-file.ts";
import type { BackendOptions } from "./embedded-state-manager.ts";
import { buildJsonState, copyJsonState, openJsonSnapshot } from "./json/json-transfer.ts";
import { openJsonState, openJsonStateForReading } from "./json/open-json-state.ts";
import { backUpDatabase } from "./sqlite/copy-database.ts";
import { openSqliteState, openSqliteStateForReading } from "./sqlite/open-sqlite-state.ts";
import { buildSqliteState, foldLog, openSqliteSnapshot } from "./sqlite/sqlite-transfer.ts";
import type { StateBuilder, StateSnapshot } from "./state-content.ts";
import { toStateError } from "./state-error.ts";
import { sizeOf } from "./state-files.ts";
import type { StateManager } from "./state-manager.ts";

export const stateBackends = ["json", "sqlite"] as const;
export type StateBackend = (typeof stateBackends)[number];

/** Location and backend of a state. */
export interface StatePlace {
  backend: StateBackend;
  path: string;
}

export interface StateOptions extends StatePlace {
  /** Reads concurrently with writers; changes reject with `STATE_READ_ONLY`. Default false. */
  readOnly?: boolean | undefined;
  /** See `LedgerStore.keepTexts`; what is stored stays as it is when left out. */
  keepText?: number | undefined;
  clock?: Clock | undefined;
  /** Called for harmless failures, such as a failed backup. Default: ignored. */
  onWarning?: ((message: string) => void) | undefined;
}

interface Backend {
  open(options: BackendOptions): Promise<StateManager>;
  openForReading(path: string): Promise<StateManager>;
  openSnapshot(path: string): Promise<StateSnapshot>;
  /** Fills the empty file at `path`. */
  build(path: string): StateBuilder;
  /** Copies the state, which may be in use, into the empty file `target`, and verifies the copy. */
  copy(path: string, target: string): Promise<void>;
  /** Folds the closed state into the single file at `path`. */
  settle(path: string): void;
}

const backends: Record<StateBackend, Backend> = {
  json: {
    open: openJsonState,
    openForReading: openJsonStateForReading,
    openSnapshot: openJsonSnapshot,
    build: buildJsonState,
    copy: copyJsonState,
    settle: () => undefined,
  },
  sqlite: {
    open: openSqliteState,
    openForReading: openSqliteStateForReading,
    openSnapshot: openSqliteSnapshot,
    build: buildSqliteState,
    copy: backUpDatabase,
    settle: foldLog,
  },
};

/**
 * Opens the state store. Throws `STATE_CORRUPT`, `STATE_FOREIGN`, `STATE_TOO_NEW`, `STATE_LOCKED`, `STATE_READ_FAILED`,
 * `STATE_DISK_FULL`. Automatic repairs are listed in `notices`.
 */
export async function openState(options: StateOptions): Promise<StateManager> {
  const { readOnly = false, clock = systemClock, onWarning = () => undefined } = options;
  // Locks, logs and backups are next to the file itself, whichever link leads to it.
  const path = await followLinks(options.path);
  await requireFile(path);
  const backend = backends[options.backend];
  if (readOnly) return backend.openForReading(path);
  const state = await backend.open({ path, clock, onWarning });
  if (options.keepText !== undefined) await keepTexts(state, options.keepText);
  return state;
}

/** A folder or a device is never opened: the backends replace files as a whole. */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  const what = found.isDirectory() ? "a folder" : "no file";
  const hint = "set state.path to a file; it is made when it is not there";
  throw new ConnectorError("STATE_READ_FAILED", `${path} is ${what}`, { subject: path, hint });
}

async function keepTexts(state: StateManager, characters: number): Promise<void> {
  try {
    if (await state.keepTexts(characters)) await state.expunge();
  } catch (thrown) {
    await state.close();
    throw thrown;
  }
}

/** A snapshot of the state's content, without locking. Throws `STATE_MISSING` and the errors of `openState` for reading. */
export async function openSnapshot({ backend, path: given }: StatePlace): Promise<StateSnapshot> {
  const path = await followLinks(given);
  try {
    if ((await sizeOf(path)) !== null) return await backends[backend].openSnapshot(path);
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
  throw new ConnectorError("STATE_MISSING", `there is no state at ${path}`, { subject: path });
}

/** How a state of this backend is created, copied and quarantined as a file. */
export function fileBackend(backend: StateBackend): Pick<Backend, "build" | "copy" | "settle"> {
  return backends[backend];
}
