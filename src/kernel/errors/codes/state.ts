import type { ErrorTable } from "../error-entry.ts";

/** The state store and the ledger in it. */
export const stateErrors = {
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
  STATE_MOVED: {
    reaction: "stop-run",
    meaning:
      "The state's file is not where it was when it was opened: it was moved, removed or replaced, or its disk is gone. Nothing was changed.",
    remedy:
      "put the file back where it was, and work goes on; or restart memory-connector to go on with what lies there now",
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
  STATE_MISSING: {
    reaction: "fix-input",
    meaning: "A state was to be exported, copied or migrated, and there is none at its path.",
    remedy: "check state.path in the configuration",
  },
  STATE_NOT_A_FILE: {
    reaction: "fix-input",
    meaning: "The command works with the state's file, and the state is a database. Nothing was changed.",
    remedy: "copy the schema of the state with PostgreSQL's own tools, `pg_dump` and `pg_restore`",
  },
  STATE_TOO_LARGE: {
    reaction: "stop-run",
    meaning:
      "The state would be larger than the json backend can read again: 500 MB. What was saved before is safe, and nothing was written.",
    remedy:
      "carry the state over with `memory-connector state migrate --to sqlite --path state.db`, then set the two settings that it names",
    requestRemedy: "keep the state in SQLite (`state.backend: sqlite`), to which it can be migrated",
  },
  STATE_NOT_EMPTY: {
    reaction: "fix-input",
    meaning: "A restore or a migration would replace what a state holds. Nothing was changed.",
    remedy: "add --replace: what is there is kept beside it under another name; or choose another state.path",
    requestRemedy: "what a state holds is replaced only when that is asked for; or choose another state.path",
  },
} as const satisfies ErrorTable;
