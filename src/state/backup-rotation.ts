import { rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { replaceWith, syncFolder, temporaryPath } from "../kernel/util/durable-file.ts";
import { tryProcessLock } from "../kernel/util/process-lock.ts";
import { locksFolder } from "./state-files.ts";

/** Interval between two backups of a changing state. */
const intervalMs = 3_600_000;

/** Maximum number of backups of any backend. */
export const maxCopies = 3;

/** Time limit of another process's backup. */
const renewBudgetMs = 60_000;

export interface BackupRotationOptions {
  path: string;
  /** Number of backups to keep. */
  keep: number;
  clock: Clock;
  /** Writes the current state into the empty file `target`; throws when the state is damaged. `atEnd`: nothing else waits for this thread any more. */
  write(target: string, atEnd: boolean): Promise<unknown>;
  /** Called when a backup fails; the state itself is not affected. */
  onWarning(message: string): void;
}

/** The backups of a state file, newest first: `<path>.bak1`, `<path>.bak2`, … */
export function copyPaths(path: string, keep: number): string[] {
  return Array.from({ length: keep }, (_, at) => `${path}.bak${at + 1}`);
}

/**
 * Takes verified backups of a state file, for recovery from damage: one an hour while it changes, and one at the first close. A
 * recovery therefore loses about an hour of changes at most, and an hour-old ledger is still valid: documents delivered since are
 * found in LightRAG and adopted.
 */
export class BackupRotation {
  readonly #options: BackupRotationOptions;
  #changed = false;
  #taking: Promise<void> | null = null;
  #lastAt: number;
  #exists: boolean;

  private constructor(options: BackupRotationOptions, newestAt: number | null) {
    this.#options = options;
    this.#exists = newestAt !== null;
    this.#lastAt = newestAt ?? options.clock.now();
  }

  /** Also removes the leftovers of an interrupted backup. */
  static async of(options: BackupRotationOptions): Promise<BackupRotation> {
    const [state, newest] = await Promise.all([modifiedAt(options.path), modifiedAt(`${options.path}.bak1`)]);
    const copies = new BackupRotation(options, newest);
    // An earlier process may have made changes for which no backup was due yet.
    copies.#changed = state !== null && newest !== null && state > newest;
    await copies.#alone(() => rm(temporaryPath(copies.#preparing), { force: true }));
    return copies;
  }

  /** To be called after a change. Takes a backup in the background when one is due. */
  noteChange(): void {
    this.#changed = true;
    if (this.#taking === null && this.#isDue()) this.#start(false);
  }

  /** Waits for a running backup and takes a last one when it is due, or when there is none yet. */
  async close(): Promise<void> {
    await this.#taking;
    if (this.#changed && (!this.#exists || this.#isDue())) this.#start(true);
    await this.#taking;
  }

  /**
   * Replaces all backups, which may contain removed data, by one of the current state. Throws when it fails; the old ones are kept then.
   */
  async renew(): Promise<void> {
    await this.#taking;
    this.#changed = false;
    this.#lastAt = this.#options.clock.now();
    const deadline = this.#options.clock.monotonic() + renewBudgetMs;
    while (!(await this.#alone(() => this.#replaceAll()))) {
      // The backup of another process may have started before the change.
      if (this.#options.clock.monotonic() >= deadline) throw busyCopying(this.#options.path);
      await this.#options.clock.sleep(100);
    }
    this.#exists = true;
  }

  async #replaceAll(): Promise<void> {
    const { path, write } = this.#options;
    await replaceWith(this.#preparing, (target) => write(target, false));
    const [first = path, ...older] = copyPaths(path, maxCopies);
    await rename(this.#preparing, first);
    for (const copy of older) await rm(copy, { force: true });
    await syncFolder(dirname(path));
  }

  /** A backup from the future means that the clock was set back; its age is unknown. */
  #isDue(): boolean {
    const age = this.#options.clock.now() - this.#lastAt;
    return age >= intervalMs || age < 0;
  }

  #start(atEnd: boolean): void {
    this.#changed = false;
    this.#lastAt = this.#options.clock.now();
    this.#taking = this.#take(atEnd).finally(() => {
      this.#taking = null;
    });
  }

  async #take(atEnd: boolean): Promise<void> {
    const { path, keep, write, onWarning } = this.#options;
    try {
      await this.#alone(async () => {
        await replaceWith(this.#preparing, (target) => write(target, atEnd));
        await shift(path, keep);
        await rename(this.#preparing, `${path}.bak1`);
      });
      this.#exists = true;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      onWarning(`no copy of the state ${path} could be taken: ${reason}`);
    }
  }

  get #preparing(): string {
    return `${this.#options.path}.bak`;
  }

  /** Does nothing and resolves to false while another process is taking a backup: either one serves. */
  async #alone(work: () => Promise<void>): Promise<boolean> {
    const { path, clock } = this.#options;
    const lock = tryProcessLock(join(locksFolder(path), "copy.lock"), "exclusive", clock.now());
    if (lock === null) return false;
    try {
      await work();
      return true;
    } finally {
      lock.release();
    }
  }
}

function busyCopying(path: string): ConnectorError {
  return new ConnectorError("STATE_LOCKED", `another process is copying ${path}`, { subject: path });
}

async function modifiedAt(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.mtimeMs ?? null;
}

/** Makes room for a new first backup; the last one is overwritten. */
async function shift(path: string, keep: number): Promise<void> {
  const paths = copyPaths(path, keep);
  for (let at = paths.length - 1; at > 0; at--) {
    const [from, to] = paths.slice(at - 1);
    if (from !== undefined && to !== undefined) await rename(from, to).catch(ignoreMissing);
  }
}

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== "ENOENT") throw thrown;
}
