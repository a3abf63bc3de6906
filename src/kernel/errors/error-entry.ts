/**
 * What a run or a command does about an error:
 * - `retry`      the same call may work later; it is tried again with backoff
 * - `skip-item`  this one memory cannot go on; it becomes a dead letter, the others go on
 * - `stop-run`   the run cannot go on; nothing is lost, the next run takes up the work
 * - `fix-input`  the command or the configuration is wrong; nothing was started
 */
export type Reaction = "retry" | "skip-item" | "stop-run" | "fix-input";

export interface ErrorEntry {
  reaction: Reaction;
  /** What it means and what usually causes it. */
  meaning: string;
  /** What the reader can do. Also the default hint. */
  remedy: string;
}

/** The codes of one area. */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;
