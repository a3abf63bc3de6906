import { stat } from "node:fs/promises";
import { ConnectorError, isAbort, remedyOf } from "../kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../kernel/util/clock.ts";
import { followLinks } from "../kernel/util/durable-file.ts";
import type { BackendOptions } from "./embedded-state-manager.ts";
import { buildJsonState, copyJsonState, openJsonSnapshot } from "./json/json-transfer.ts";
import { openJsonState, openJsonStateForReading, openNothing } from "./json/open-json-state.ts";
import type { ServerFacts } from "./postgres/server-facts.ts";
import { holdFile, type StateFile, withFileAlone } from "./replace-file.ts";
import { backUpDatabase } from "./sqlite/copy-database.ts";
import { openSqliteState, openSqliteStateForReading } from "./sqlite/open-sqlite-state.ts";
import { buildSqliteState, foldLog, openSqliteSnapshot } from "./sqlite/sqlite-transfer.ts";
import type { ReplaceableState, StateSnapshot } from "./state-content.ts";
import { type StateAction, toStateError } from "./state-error.ts";
import { sizeOf } from "./state-files.ts";
import type { StateManager } from "./state-manager.ts";
import { type StateBackend, type StatePlace, schemaIn } from "./state-place.ts";

export type { ServerFacts } from "./postgres/server-facts.ts";
export { fileBackends, type StateBackend, type StatePlace, stateBackends } from "./state-place.ts";

export interface StateOptions extends StatePlace {
  /** Reads concurrently with writers; changes reject with `STATE_READ_ONLY`. Default false. */
  readOnly?: boolean | undefined;
  /** See `LedgerStore.keepTexts`; what is stored stays as it is when left out. */
  keepText?: number | undefined;
  clock?: Clock | undefined;
  /** Called for harmless failures, such as a failed backup. Default: ignored. */
  onWarning?: ((message: string) => void) | undefined;
}

/** What a backend can do, for those who would have to know which it is. */
export interface StateCapabilities {
  /** The state is a file: it is copied, replaced and set aside as one, and has what belongs to it beside it. */
  file: boolean;
  /** Several processes may have it open for writing. */
  sharedByProcesses: boolean;
  /** Those processes may be on several machines. */
  sharedAcrossHosts: boolean;
  /** Its server tells processes at once of what others have posted on the board; else they look for it. */
  notify: boolean;
}

interface Backend {
  capabilities: StateCapabilities;
  /** Null for a state that is not in a file. */
  file: StateFile | null;
  open(options: BackendOptions & StatePlace): Promise<StateManager>;
  openForReading(place: StatePlace): Promise<StateManager>;
  /** Null where no server has it. */
  serverFacts(place: StatePlace): Promise<ServerFacts | null>;
  /** Null when there is no state. */
  openSnapshot(place: StatePlace): Promise<StateSnapshot | null>;
  /** Keeps writers away until the result is called. Throws `STATE_LOCKED`. */
  hold(place: StatePlace, clock: Clock): Promise<() => Promise<void>>;
  /** Does work on the state while no other process has it open for writing. Throws `STATE_LOCKED`. */
  alone<T>(place: StatePlace, clock: Clock, work: (state: ReplaceableState) => Promise<T>): Promise<T>;
}

const json: StateFile = {
  openSnapshot: openJsonSnapshot,
  build: buildJsonState,
  copy: copyJsonState,
  settle: () => undefined,
};

const sqlite: StateFile = {
  openSnapshot: openSqliteSnapshot,
  build: buildSqliteState,
  copy: backUpDatabase,
  settle: foldLog,
};

/** What all backends do alike that keep a state in a file. */
function inFile(file: StateFile): Pick<Backend, "file" | "serverFacts" | "openSnapshot" | "hold" | "alone"> {
  return {
    file,
    serverFacts: async () => null,
    openSnapshot: async ({ path: given }) => {
      const path = await followLinks(given);
      return (await sizeOf(path)) === null ? null : file.openSnapshot(path);
    },
    hold: ({ path }, clock) => holdFile(path, clock),
    alone: async ({ path }, clock, work) => withFileAlone(file, await followLinks(path), clock, work),
  };
}

const backends: Record<StateBackend, Backend> = {
  json: {
    capabilities: { file: true, sharedByProcesses: false, sharedAcrossHosts: false, notify: false },
    ...inFile(json),
    open: async (options) => openJsonState(await atFile(options)),
    openForReading: async (place) => openJsonStateForReading((await atFile(place)).path),
  },
  sqlite: {
    capabilities: { file: true, sharedByProcesses: true, sharedAcrossHosts: false, notify: false },
    ...inFile(sqlite),
    open: async (options) => openSqliteState(await atFile(options)),
    openForReading: async (place) => openSqliteStateForReading((await atFile(place)).path),
  },
  postgres: {
    capabilities: { file: false, sharedByProcesses: true, sharedAcrossHosts: true, notify: true },
    file: null,
    open: async (options) => {
      const { openPostgresState } = await import("./postgres/open-postgres-state.ts");
      return openPostgresState(await atServer(options, options.clock));
    },
    openForReading: async (place) => {
      const { openPostgresStateForReading } = await import("./postgres/open-postgres-state.ts");
      const state = await openPostgresStateForReading(await atServer(place));
      return state ?? openNothing(place.path);
    },
    serverFacts: async (place) => {
      const { readServerFacts } = await import("./postgres/server-facts.ts");
      return readServerFacts(await atServer(place));
    },
    openSnapshot: async (place) => {
      const { openPostgresSnapshot } = await import("./postgres/postgres-transfer.ts");
      return openPostgresSnapshot(await atServer(place));
    },
    hold: async (place, clock) => {
      const { holdSchema } = await import("./postgres/postgres-transfer.ts");
      return holdSchema(await atServer(place, clock));
    },
    alone: async (place, clock, work) => {
      const { withSchemaAlone } = await import("./postgres/postgres-transfer.ts");
      return withSchemaAlone(await atServer(place, clock), work);
    },
  },
};

async function atServer({ path, password = null }: StatePlace, clock: Clock = systemClock) {
  const { openPool } = await import("./postgres/open-pool.ts");
  return { pool: await openPool(path, password), schema: schemaIn(path), location: path, clock };
}

/** Locks, logs and backups are next to the file itself, whichever link leads to it. */
async function atFile<Place extends StatePlace>(place: Place): Promise<Place> {
  const path = await followLinks(place.path);
  await requireFile(path);
  return { ...place, path };
}

/** What a state of this backend can be used for. */
export function capabilitiesOf(backend: StateBackend): StateCapabilities {
  return backends[backend].capabilities;
}

/**
 * Opens the state store. Throws `STATE_CORRUPT`, `STATE_FOREIGN`, `STATE_TOO_NEW`, `STATE_LOCKED`, `STATE_READ_FAILED`,
 * `STATE_DISK_FULL`. Automatic repairs are listed in `notices`.
 */
export async function openState(options: StateOptions): Promise<StateManager> {
  const { readOnly = false, clock = systemClock, onWarning = () => undefined } = options;
  const backend = backends[options.backend];
  if (readOnly) return backend.openForReading(options);
  const state = await backend.open({ ...options, clock, onWarning });
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

export async function keepTexts(state: StateManager, characters: number): Promise<void> {
  try {
    if (await state.keepTexts(characters)) await state.expunge();
  } catch (thrown) {
    await state.close();
    throw thrown;
  }
}

/** A snapshot of the state's content, without locking. Throws `STATE_MISSING` and the errors of `openState` for reading. */
export async function openSnapshot(place: StatePlace): Promise<StateSnapshot> {
  const { backend, path } = place;
  const snapshot = await translating(place, "open", () => backends[backend].openSnapshot(place));
  if (snapshot !== null) return snapshot;
  throw new ConnectorError("STATE_MISSING", `there is no state at ${path}`, { subject: path });
}

/** What is to be known of the server that has the state; null for a file. Throws `STATE_READ_FAILED`. */
export function serverFactsOf(place: StatePlace): Promise<ServerFacts | null> {
  return backends[place.backend].serverFacts(place);
}

/** Keeps writers away from the state until the result is called. Throws `STATE_LOCKED`. */
export function holdState(place: StatePlace, clock: Clock): Promise<() => Promise<void>> {
  return translating(place, "open", () => backends[place.backend].hold(place, clock));
}

/** Does work on the state as a whole while no other process has it open for writing. Throws `STATE_LOCKED`. */
export function withStateAlone<T>(
  place: StatePlace,
  clock: Clock,
  work: (state: ReplaceableState) => Promise<T>,
): Promise<T> {
  return translating(place, "write", () => backends[place.backend].alone(place, clock, work));
}

async function translating<T>({ path }: StatePlace, action: StateAction, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw isAbort(thrown) ? thrown : toStateError(thrown, action, path);
  }
}

/** What can be done with the state's file. Throws `STATE_NOT_A_FILE` where it is in none. */
export function fileOf({ backend, path }: StatePlace): StateFile {
  const { file } = backends[backend];
  if (file !== null) return file;
  const command = `use PostgreSQL's own tools: \`${dumpCommand(path)}\` copies it, \`pg_restore\` puts it back`;
  const hint = { command, request: remedyOf("STATE_NOT_A_FILE").request };
  throw new ConnectorError("STATE_NOT_A_FILE", `${path} is no file`, { subject: path, hint });
}

function dumpCommand(path: string): string {
  const url = new URL(path);
  url.searchParams.delete("schema");
  return `pg_dump -Fc -f state.dump -n ${schemaIn(path)} '${url}'`;
}
