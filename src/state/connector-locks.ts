import { join } from "node:path";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import {
  describeHolder,
  isLocked,
  lockFileName,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../kernel/util/process-lock.ts";
import type { ConnectorHolder, ConnectorLock } from "./state-manager.ts";

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
    const path = this.#pathOf(connectorId);
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

  /** Null while nobody holds it. Writes nothing. */
  holderOf(connectorId: string): ConnectorHolder | null {
    const path = this.#pathOf(connectorId);
    if (!isLocked(path, "shared")) return null;
    const holder = readLockHolder(path);
    return { name: describeHolder(holder), since: holder?.since ?? null };
  }

  releaseAll(): void {
    for (const lock of this.#held) lock.release();
    this.#held.clear();
  }

  #pathOf(connectorId: string): string {
    return join(this.#folder, lockFileName(`connector ${connectorId}`));
  }
}
