import { join } from "node:path";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import {
  anyLookMs,
  describeHolder,
  isLocked,
  isOfThisMachine,
  type LockHolder,
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
  take(connectorId: string, runId?: string): ConnectorLock {
    const path = this.#pathOf(connectorId);
    const options = { work: runId, patienceMs: anyLookMs };
    const lock = tryProcessLock(path, "exclusive", this.#clock.now(), options);
    if (lock === null) throw lockedBy(readLockHolder(path), connectorId);
    this.#held.add(lock);
    return {
      release: async () => {
        this.#held.delete(lock);
        lock.release();
      },
    };
  }

  /** Null while nobody holds it, as far as can be seen from this machine. Writes nothing. */
  holderOf(connectorId: string): ConnectorHolder | null {
    const path = this.#pathOf(connectorId);
    const isSeen = isLocked(path, "shared");
    const holder = readLockHolder(path);
    if (!isSeen && (holder === null || isOfThisMachine(holder))) return null;
    const doubt = isSeen ? "" : " (whether it lives cannot be seen from here)";
    const shown = holderJson(holder);
    return { ...shown, name: shown.name + doubt };
  }

  /** Takes one of the places of those that schedule, so that others see it; null where all are taken. */
  takeSchedulerPlace(): ProcessLock | null {
    for (const path of this.#schedulerPaths()) {
      const lock = tryProcessLock(path, "exclusive", this.#clock.now(), { patienceMs: anyLookMs });
      if (lock === null) continue;
      this.#held.add(lock);
      return lock;
    }
    return null;
  }

  /** Those that schedule now, as far as this machine sees their locks. Writes nothing. */
  schedulers(): ConnectorHolder[] {
    return this.#schedulerPaths()
      .filter((path) => isLocked(path, "shared"))
      .map((path) => holderJson(readLockHolder(path)));
  }

  releaseAll(): void {
    for (const lock of this.#held) lock.release();
    this.#held.clear();
  }

  #schedulerPaths(): string[] {
    return schedulerPlaces.map((place) => join(this.#folder, lockFileName(`scheduler ${place}`)));
  }

  #pathOf(connectorId: string): string {
    return join(this.#folder, lockFileName(`connector ${connectorId}`));
  }
}

/** More of them than anybody would start by mistake. */
const schedulerPlaces = [1, 2, 3, 4, 5, 6, 7, 8];

function holderJson(holder: LockHolder | null): ConnectorHolder {
  return { name: describeHolder(holder), since: holder?.since ?? null, runId: holder?.work ?? null };
}

/** Only a run can be looked at and cancelled. */
function lockedBy(holder: LockHolder | null, connectorId: string): ConnectorError {
  const message = `connector "${connectorId}" is being worked on by ${describeHolder(holder)}`;
  const isNoRun = holder !== null && holder.work === undefined;
  return new ConnectorError("CONNECTOR_LOCKED", message, {
    subject: connectorId,
    ...(isNoRun && {
      hint: `wait until it ends; if it stands still, end process ${holder.pid} on ${holder.host}`,
    }),
  });
}
