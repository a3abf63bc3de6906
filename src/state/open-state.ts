import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../kernel/util/clock.ts";
import { followLinks } from "../kernel/util/durable-file.ts";
import type { BackendOptions } from "./backend-options.ts";
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

/** Where a state lies, and in which form. */
export interface StatePlace {
  backend: StateBackend;
  path: string;
}

export interface StateOptions extends StatePlace {
  /** Reads beside whoever is writing; changes reject with `STATE_READ_ONLY`. Default false. */
  readOnly?: boolean | undefined;
  clock?: Clock | undefined;
  /** Hears of what went wrong without harm, such as a copy that could not be taken. Default: nobody does. */
  onWarning?: ((message: string) => void) | undefined;
}

interface Backend {
  open(options: BackendOptions): Promise<StateManager>;
  openForReading(path: string): Promise<StateManager>;
  openSnapshot(path: string): Promise<StateSnapshot>;
  /** Fills the empty file at `path`. */
  build(path: string): StateBuilder;
  /** Copies the state, which others may be working on, into the empty file `target`, and proves the copy. */
  copy(path: string, target: string): Promise<void>;
  /** Brings the state, which nobody has open, into the one file at `path`. */
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
 * `STATE_DISK_FULL`. What was repaired by itself is in `notices`.
 */
export async function openState(options: StateOptions): Promise<StateManager> {
  const { readOnly = false, clock = systemClock, onWarning = () => undefined } = options;
  // Locks, logs and copies lie beside the file itself, whichever link leads to it.
  const path = await followLinks(options.path);
  const backend = backends[options.backend];
  return readOnly ? backend.openForReading(path) : backend.open({ path, clock, onWarning });
}

/** Everything that the state holds at this moment; nothing is locked. Throws `STATE_MISSING` and what `openState` throws for reading. */
export async function openSnapshot({ backend, path: given }: StatePlace): Promise<StateSnapshot> {
  const path = await followLinks(given);
  try {
    if ((await sizeOf(path)) !== null) return await backends[backend].openSnapshot(path);
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
  throw new ConnectorError("STATE_MISSING", `there is no state at ${path}`, { subject: path });
}

/** How a state of this backend is made, copied and put aside as a file. */
export function fileBackend(backend: StateBackend): Pick<Backend, "build" | "copy" | "settle"> {
  return backends[backend];
}
