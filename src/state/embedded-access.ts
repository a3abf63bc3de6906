import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { BackupRotation } from "./backup-rotation.ts";
import type { ConnectorLocks } from "./connector-locks.ts";
import type { FilePlace } from "./file-place.ts";
import type { GroupCommit } from "./group-commit.ts";
import { type StateAction, toStateError } from "./state-error.ts";
import type { StateTables } from "./state-tables.ts";

/** Errors that may be caused by the disk; only another attempt shows whether it has recovered. */
const writeProblems = ["STATE_DISK_FULL", "STATE_WRITE_FAILED"] as const;

/** Key of no service, so it cannot collide with a cached answer. */
const trialLength = 256 * 1024;
const trialKey = "\u0000trial of writing";

/** The writing side of a state, besides its tables. */
export interface StateWriter {
  commits: GroupCommit;
  copies: BackupRotation;
  locks: ConnectorLocks;
  place: FilePlace;
  /** Erases removed data from the state's file. */
  rewrite(): Promise<void>;
  /** Truncates the write-ahead log; false when it was in use. */
  foldLog(): boolean;
}

export interface EmbeddedState {
  location: string;
  notices: readonly string[];
  tables: StateTables;
  clock: Clock;
  /** Null when the state was opened for reading only. */
  writer: StateWriter | null;
  /** Whether several processes may have it open for writing. */
  writersShare: boolean;
  /** Called when damage is detected. */
  noteDamage(): Promise<void>;
  /** Closes the files. Called once, after the last write. */
  release(): Promise<void>;
}

/**
 * The only access to the files of an embedded state: reads pass `read`; changes pass `change` and are durable when it resolves.
 * Failures are `STATE_*` errors, and damage is recorded.
 */
export class EmbeddedAccess {
  readonly #state: EmbeddedState;
  #closing: Promise<void> | null = null;
  #cannotWrite = false;

  constructor(state: EmbeddedState) {
    this.#state = state;
  }

  readonly read = async <T>(work: () => T): Promise<T> => {
    this.#requireOpen();
    return this.#reportingDamage("read", work);
  };

  readonly change = async <T>(work: () => T): Promise<T> => {
    const { commits, copies } = this.#requireWriter();
    try {
      const result = await this.#reportingDamage("write", () => commits.run(work));
      this.#cannotWrite = false;
      copies.noteChange();
      return result;
    } catch (thrown) {
      this.#cannotWrite ||= writeProblems.some((code) => isConnectorError(thrown, code));
      throw thrown;
    }
  };

  /** Work on the files themselves, outside the tables. Throws `STATE_READ_ONLY`. */
  async withWriter<T>(work: (writer: StateWriter) => T | Promise<T>): Promise<T> {
    const writer = this.#requireWriter();
    return this.#reportingDamage("write", () => work(writer));
  }

  /** See `StateManager`. */
  async condition(): Promise<ConnectorError | null> {
    try {
      this.#requireOpen();
      this.#state.writer?.place.require();
      if (this.#cannotWrite) await this.#tryWriting();
      return null;
    } catch (thrown) {
      return toStateError(thrown, "write", this.#state.location);
    }
  }

  /** Waits for pending writes and closes the files. Calling it twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  /** Probes the disk: writes about as much as a batch of rows, and rolls it back. */
  async #tryWriting(): Promise<void> {
    const { clock, tables } = this.#state;
    await this.change(() => tables.values.put(trialKey, "x".repeat(trialLength), clock.now()));
    await this.change(() => tables.values.removeBeginning(trialKey));
  }

  async #reportingDamage<T>(action: StateAction, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toStateError(thrown, action, this.#state.location);
      if (error.code === "STATE_CORRUPT") await this.#state.noteDamage();
      throw error;
    }
  }

  #requireOpen(): void {
    if (this.#closing === null) return;
    const { location } = this.#state;
    throw new ConnectorError("STATE_CLOSED", `${location} is closed`, { subject: location });
  }

  #requireWriter(): StateWriter {
    this.#requireOpen();
    const { location, writer } = this.#state;
    if (writer !== null) return writer;
    throw new ConnectorError("STATE_READ_ONLY", `${location} was opened for reading only`, {
      subject: location,
    });
  }

  async #finish(): Promise<void> {
    const { writer } = this.#state;
    await writer?.commits.idle();
    await writer?.copies.close();
    writer?.locks.releaseAll();
    await this.#state.release();
  }
}
