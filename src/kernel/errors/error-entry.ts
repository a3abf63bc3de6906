/**
 * What a run or a command does about an error:
 * - `retry`      the same call may succeed later; it is retried with backoff
 * - `skip-item`  this memory cannot be delivered; it becomes a dead letter, the others continue
 * - `stop-run`   the run cannot continue; nothing is lost, the next run resumes the work
 * - `fix-input`  the command or the configuration is wrong; nothing was started
 */
export type Reaction = "retry" | "skip-item" | "stop-run" | "fix-input";

export interface ErrorEntry {
  reaction: Reaction;
  /** What it means and its usual cause. */
  meaning: string;
  /** What the reader can do. Also the default hint. */
  remedy: string;
  /** The same for callers of the API and of tools, where `remedy` names commands or their options. */
  requestRemedy?: string;
}

/** What to do, in the words of who asked: typed commands and options, or the fields of a request. */
export interface HintByDoor {
  command: string;
  request: string;
}

/** The codes of one area. */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;
