import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { BackupRotation } from "./backup-rotation.ts";
import type { ConnectorLocks } from "./connector-locks.ts";
import type { FilePlace } from "./file-place.ts";
import type { GroupCommit } from "./group-commit.ts";
import { type StateAction, toStateError } from "./state-error.ts";
import type { StateTables } from "./state-tables.ts";

/** After these the disk may be at fault, and nothing tells when it is well again but another try. */
const writeProblems = ["STATE_DISK_FULL", "STATE_WRITE_FAILED"] as const;

/** Of no service whose answers are kept. */
const trialLength = 256 * 1024;
const trialKey = "\u0000trial of writing";

/** What a state that may be changed has beyond its tables. */
export interface StateWriter {
  commits: GroupCommit;
  copies: BackupRotation;
  locks: ConnectorLocks;
  place: FilePlace;
  /** Leaves nothing in the state's file of what was removed from it. */
  rewrite(): Promise<void>;
  /** Empties the log beside the file; false when somebody was using it. */
  foldLog(): boolean;
}

export interface EmbeddedState {
  location: string;
  notices: readonly string[];
  tables: StateTables;
  clock: Clock;
  /** Null when the state was opened for reading only. */
  writer: StateWriter | null;
  /** Damage was met while working. */
  noteDamage(): Promise<void>;
  /** Lets go of the files. Called once, after the last write. */
  release(): Promise<void>;
}

/**
 * The one way to the files of an embedded state: everything that reads passes `read`, everything that changes passes `change` and is
 * durable when it resolves. What goes wrong is a `STATE_*` error, and damage is noted.
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

  /** Work on the files themselves, beside the tables. Throws `STATE_READ_ONLY`. */
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

  /** Waits for writes under way and lets go of the files. Calling it twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  /** Writes about as much as a batch of rows does, and takes it back. */
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
