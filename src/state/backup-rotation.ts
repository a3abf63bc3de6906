import { rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { replaceWith, syncFolder, temporaryPath } from "../kernel/util/durable-file.ts";
import { tryProcessLock } from "../kernel/util/process-lock.ts";
import { locksFolder } from "./state-files.ts";

/** Between two copies of a state that changes all the time. */
const intervalMs = 3_600_000;

/** The most good copies that any backend keeps. */
export const mostCopies = 3;

/** How long another process may take for a copy of its own. */
const renewBudgetMs = 60_000;

export interface BackupRotationOptions {
  path: string;
  /** How many copies are kept. */
  keep: number;
  clock: Clock;
  /** Writes the state as it is now into the empty file `target`; throws when the state is not good. */
  write(target: string): Promise<unknown>;
  /** Hears of a copy that could not be taken; the state itself is not affected. */
  onWarning(message: string): void;
}

/** The copies of a state file, newest first: `<path>.bak1`, `<path>.bak2`, … */
export function copyPaths(path: string, keep: number): string[] {
  return Array.from({ length: keep }, (_, at) => `${path}.bak${at + 1}`);
}

/**
 * Takes copies of a state file that is known to be good, to go back to when the file is found damaged: one an hour while it
 * changes, and one at the first close. What a recovery loses is therefore at most about the last hour of changes, and the ledger
 * of an hour ago is still true: documents delivered since are found in LightRAG and adopted.
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

  /** Also clears away what a copy that was interrupted has left. */
  static async of(options: BackupRotationOptions): Promise<BackupRotation> {
    const [state, newest] = await Promise.all([modifiedAt(options.path), modifiedAt(`${options.path}.bak1`)]);
    const copies = new BackupRotation(options, newest);
    // An earlier process may have made changes for which no copy was due yet.
    copies.#changed = state !== null && newest !== null && state > newest;
    await copies.#alone(() => rm(temporaryPath(copies.#preparing), { force: true }));
    return copies;
  }

  /** The state has changed. Takes a copy in the background when one is due. */
  noteChange(): void {
    this.#changed = true;
    if (this.#taking === null && this.#isDue()) this.#start();
  }

  /** Waits for a copy under way and takes a last one when it is due, or when there is none yet. */
  async close(): Promise<void> {
    await this.#taking;
    if (this.#changed && (!this.#exists || this.#isDue())) this.#start();
    await this.#taking;
  }

  /**
   * One copy of the state as it is now in the place of all that there are, which may hold what was removed since. Throws when it cannot
   * be taken; the old ones are kept then.
   */
  async renew(): Promise<void> {
    await this.#taking;
    this.#changed = false;
    this.#lastAt = this.#options.clock.now();
    const deadline = this.#options.clock.monotonic() + renewBudgetMs;
    while (!(await this.#alone(() => this.#replaceAll()))) {
      // The copy of another process may have been begun before the change.
      if (this.#options.clock.monotonic() >= deadline) throw busyCopying(this.#options.path);
      await this.#options.clock.sleep(100);
    }
    this.#exists = true;
  }

  async #replaceAll(): Promise<void> {
    const { path, write } = this.#options;
    await replaceWith(this.#preparing, write);
    const [first = path, ...older] = copyPaths(path, mostCopies);
    await rename(this.#preparing, first);
    for (const copy of older) await rm(copy, { force: true });
    await syncFolder(dirname(path));
  }

  /** A copy from the future tells that the clock was set back, and nothing about its age. */
  #isDue(): boolean {
    const age = this.#options.clock.now() - this.#lastAt;
    return age >= intervalMs || age < 0;
  }

  #start(): void {
    this.#changed = false;
    this.#lastAt = this.#options.clock.now();
    this.#taking = this.#take().finally(() => {
      this.#taking = null;
    });
  }

  async #take(): Promise<void> {
    const { path, keep, write, onWarning } = this.#options;
    try {
      await this.#alone(async () => {
        await replaceWith(this.#preparing, write);
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

  /** Nothing is done, and false told, while another process is at it: its copy is as good as ours. */
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

/** Makes room for a new first copy; the last one is overwritten. */
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
