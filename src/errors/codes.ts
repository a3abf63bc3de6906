/**
 * Every error code of the project. The code is public: scripts and API clients branch on it, so a code is
 * never renamed. `docs/errors.md` is generated from this table.
 *
 * reaction:
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

const table = {
  CANCELLED: {
    reaction: "stop-run",
    meaning: "The run was cancelled by a signal, a person or its time limit.",
    remedy: "run it again; it goes on where it stopped",
  },
  INTERNAL: {
    reaction: "stop-run",
    meaning: "Something happened that the program did not expect: a defect.",
    remedy: "run again with --verbose and report what it prints",
  },
  MEMORY_MALFORMED: {
    reaction: "skip-item",
    meaning: "One item of an otherwise good list does not have the shape of a memory.",
    remedy: "correct the item at the Memory API; it is taken up again when it changes",
  },
  STRATEGY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The configuration names a transformation strategy that does not exist.",
    remedy: "use a strategy that docs/configuration.md lists under transformation.strategy",
  },
  LEDGER_TRANSITION: {
    reaction: "stop-run",
    meaning: "A ledger row was asked to make a move that its state does not allow: a defect.",
    remedy: "report it with the row that `dead-letters show` or `status --json` prints",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof table;
export const errorCodes: Record<ErrorCode, ErrorEntry> = table;
