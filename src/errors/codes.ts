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
  TEMPLATE_INVALID: {
    reaction: "fix-input",
    meaning:
      "The template of the `template` strategy cannot be used: its syntax is wrong or it names an unknown variable.",
    remedy: "correct the template; docs/transformation.md lists the variables",
  },
  GEOCODER_FAILED: {
    reaction: "retry",
    meaning:
      "The geocoding service could not be reached or answered with an error. The offline gazetteer was used.",
    remedy: "check transformation.geocoder.url; the service is asked again later by itself",
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
  DEAD_LETTER_EMPTY: {
    reaction: "fix-input",
    meaning: "A dead letter cannot be replayed because the source never showed a well-formed memory to send.",
    remedy: "correct the item at the Memory API; it is taken up again when it changes",
  },
  STATE_CONFLICT: {
    reaction: "retry",
    meaning: "A ledger row was changed by someone else between reading and saving it. Nothing was saved.",
    remedy: "read the row again and repeat the change",
  },
  STATE_ID_INVALID: {
    reaction: "skip-item",
    meaning: "An id holds half of a surrogate pair, which no text store can keep.",
    remedy: "correct the id at its source",
  },
  STATE_CURSOR_INVALID: {
    reaction: "fix-input",
    meaning: "A page was asked for with a cursor that this list did not hand out.",
    remedy: "start again from the first page",
  },
  STATE_CORRUPT: {
    reaction: "stop-run",
    meaning: "The state file is damaged and could not be repaired from a good copy.",
    remedy:
      "restore the file from a backup, or move it away to begin afresh: documents that LightRAG holds are adopted, not doubled",
  },
  STATE_FOREIGN: {
    reaction: "fix-input",
    meaning: "The file at the state path belongs to another program, or to the other state backend.",
    remedy: "correct state.path or state.backend in the configuration",
  },
  STATE_TOO_NEW: {
    reaction: "fix-input",
    meaning: "The state was written by a newer version of memory-connector.",
    remedy: "install that version again, or restore a backup from before the upgrade",
  },
  STATE_DISK_FULL: {
    reaction: "stop-run",
    meaning: "The disk that holds the state is full. What was saved before is safe.",
    remedy: "free some space on that disk and run again; the run goes on where it stopped",
  },
  STATE_READ_FAILED: {
    reaction: "stop-run",
    meaning: "The state could not be opened or read: a wrong path, missing permission or failing disk.",
    remedy: "check that state.path is a file in an existing folder that this user may read and write",
  },
  STATE_WRITE_FAILED: {
    reaction: "stop-run",
    meaning:
      "The state could not be written: missing permission, a failing disk, or a database that stays busy.",
    remedy: "check the disk and the permissions of the state folder and run again",
  },
  STATE_READ_ONLY: {
    reaction: "stop-run",
    meaning: "A change was asked of a state store that was opened for reading only: a defect.",
    remedy: "report it with the command that was run",
  },
  STATE_CLOSED: {
    reaction: "stop-run",
    meaning: "A state store was used after it was closed: a defect.",
    remedy: "report it with the command that was run",
  },
  STATE_LOCKED: {
    reaction: "stop-run",
    meaning: "Another process is writing this state. The json backend allows one writing process at a time.",
    remedy: "wait until that process ends, or use `state.backend: sqlite`",
  },
  CONNECTOR_LOCKED: {
    reaction: "stop-run",
    meaning: "Another run is working on this connector.",
    remedy: "wait until that run ends; a lock whose holder died is taken over at once",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof table;
export const errorCodes: Record<ErrorCode, ErrorEntry> = table;
