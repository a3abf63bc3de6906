import { join } from "node:path";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import {
  describeHolder,
  lockFileName,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../kernel/util/process-lock.ts";
import type { ConnectorLock } from "./state-manager.ts";

/** The locks of connectors, one file each in a folder next to the state. */
export class ConnectorLocks {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #held = new Set<ProcessLock>();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Throws `CONNECTOR_LOCKED`, naming the holder. */
  take(connectorId: string): ConnectorLock {
    const path = join(this.#folder, lockFileName(`connector ${connectorId}`));
    const lock = tryProcessLock(path, "exclusive", this.#clock.now());
    if (lock === null) {
      const message = `connector "${connectorId}" is being worked on by ${describeHolder(readLockHolder(path))}`;
      throw new ConnectorError("CONNECTOR_LOCKED", message, { subject: connectorId });
    }
    this.#held.add(lock);
    return {
      release: async () => {
        this.#held.delete(lock);
        lock.release();
      },
    };
  }

  releaseAll(): void {
    for (const lock of this.#held) lock.release();
    this.#held.clear();
  }
}
