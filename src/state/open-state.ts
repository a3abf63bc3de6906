import { type Clock, systemClock } from "../util/clock.ts";
import type { BackendOptions } from "./backend-options.ts";
import { openJsonState, openJsonStateForReading } from "./json/open-json-state.ts";
import { openSqliteState, openSqliteStateForReading } from "./sqlite/open-sqlite-state.ts";
import type { StateManager } from "./state-manager.ts";

export const stateBackends = ["json", "sqlite"] as const;
export type StateBackend = (typeof stateBackends)[number];

export interface StateOptions {
  backend: StateBackend;
  path: string;
  /** Reads beside whoever is writing; changes reject with `STATE_READ_ONLY`. Default false. */
  readOnly?: boolean | undefined;
  clock?: Clock | undefined;
  /** Hears of what went wrong without harm, such as a copy that could not be taken. Default: nobody does. */
  onWarning?: ((message: string) => void) | undefined;
}

interface Backend {
  open(options: BackendOptions): Promise<StateManager>;
  openForReading(path: string): Promise<StateManager>;
}

const backends: Record<StateBackend, Backend> = {
  json: { open: openJsonState, openForReading: openJsonStateForReading },
  sqlite: { open: openSqliteState, openForReading: openSqliteStateForReading },
};

/**
 * Opens the state store. Throws `STATE_CORRUPT`, `STATE_FOREIGN`, `STATE_TOO_NEW`, `STATE_LOCKED`, `STATE_READ_FAILED`,
 * `STATE_DISK_FULL`. What was repaired by itself is in `notices`.
 */
export function openState(options: StateOptions): Promise<StateManager> {
  const { path, readOnly = false, clock = systemClock, onWarning = () => undefined } = options;
  const backend = backends[options.backend];
  return readOnly ? backend.openForReading(path) : backend.open({ path, clock, onWarning });
}
