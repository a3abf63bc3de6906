import { rename, stat } from "node:fs/promises";
import type { Clock } from "../util/clock.ts";
import { replaceWith } from "../util/durable-file.ts";

/** Between two copies of a state that changes all the time. */
const intervalMs = 3_600_000;

export interface GoodCopiesOptions {
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
export class GoodCopies {
  private readonly options: GoodCopiesOptions;
  private changed = false;
  private taking: Promise<void> | null = null;
  private lastAt: number;
  private exists: boolean;

  private constructor(options: GoodCopiesOptions, newestAt: number | null) {
    this.options = options;
    this.exists = newestAt !== null;
    this.lastAt = newestAt ?? options.clock.now();
  }

  static async of(options: GoodCopiesOptions): Promise<GoodCopies> {
    const newest = await stat(`${options.path}.bak1`).catch(() => null);
    return new GoodCopies(options, newest?.mtimeMs ?? null);
  }

  /** The state has changed. Takes a copy in the background when one is due. */
  noteChange(): void {
    this.changed = true;
    if (this.taking === null && this.isDue()) this.start();
  }

  /** Waits for a copy under way and takes a last one when it is due, or when there is none yet. */
  async close(): Promise<void> {
    await this.taking;
    if (this.changed && (!this.exists || this.isDue())) this.start();
    await this.taking;
  }

  /** A copy from the future tells that the clock was set back, and nothing about its age. */
  private isDue(): boolean {
    const age = this.options.clock.now() - this.lastAt;
    return age >= intervalMs || age < 0;
  }

  private start(): void {
    this.changed = false;
    this.lastAt = this.options.clock.now();
    this.taking = this.take().finally(() => {
      this.taking = null;
    });
  }

  private async take(): Promise<void> {
    const { path, keep, write, onWarning } = this.options;
    try {
      await replaceWith(`${path}.bak`, write);
      await shift(path, keep);
      await rename(`${path}.bak`, `${path}.bak1`);
      this.exists = true;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      onWarning(`no copy of the state ${path} could be taken: ${reason}`);
    }
  }
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
