import type { ErrorTable } from "../error-entry.ts";

/** Runs, their brakes and their dead letters. */
export const runErrors = {
  ERASE_REACHES_FURTHER: {
    reaction: "stop-run",
    meaning:
      "An erasure counts for every connector of the memory's source. One connector was named, and others have delivered the memory, too. Nothing was erased.",
    remedy:
      "`memory-connector erase --memory ID --dry-run` says where it is; without --connector-id, or with --everywhere, it is erased there",
    requestRemedy:
      "a preview says where it is; it is erased there as well when no connector is named, or with `everywhere`",
  },
  ERASE_UNPROVED: {
    reaction: "stop-run",
    meaning:
      "`erase` removed the memory's documents, and LightRAG's listing still shows some. The ledger holds the memory as to be deleted.",
    remedy: "wait until LightRAG is idle, then `memory-connector erase --memory ID` once more",
    requestRemedy: "wait until LightRAG is idle, then erase it once more",
  },
  MEMORY_ERASED: {
    reaction: "skip-item",
    meaning: "The memory was erased, and erased memories are never taken up again. Nothing was saved.",
    remedy: "if it shall come back: `memory-connector erase --undo --memory ID --connector-id CONNECTOR`",
    requestRemedy: "if it shall come back, take its erasure back first",
  },
  RUN_FOUND_NOTHING: {
    reaction: "retry",
    meaning:
      "The run delivered documents, and LightRAG's model found no entity in any of them: they can be asked for, but they are not in the graph.",
    remedy:
      "look at one with `memory-connector graph --memory ID`; if its text names people or things, the chat model does not follow LightRAG's format: use a larger one, then `memory-connector sync --force`",
    requestRemedy:
      "look at the entities of one; if its text names people or things, the chat model does not follow LightRAG's format: use a larger one, then run the connector again with `force`",
  },
  RUN_TIMED_OUT: {
    reaction: "stop-run",
    meaning: "The run took longer than `advanced.pipeline.job_timeout_minutes` allows.",
    remedy: "run it again, it goes on where it stopped; raise the limit if LightRAG is just slow",
  },
  RUN_INTERRUPTED: {
    reaction: "stop-run",
    meaning:
      "The process of the run ended before the run did: killed, crashed, out of memory, or the machine went down. Nothing is lost or doubled by that.",
    remedy:
      "run it again with `memory-connector sync`, or start `memory-connector serve` again: it goes on where it stopped",
    requestRemedy: "start a run, or the service again: it goes on where it stopped",
  },
  RUN_HELD: {
    reaction: "stop-run",
    meaning:
      "The run was about to change more in LightRAG than the connector allows without a word: to send more of the delivered memories again than `ingestion.max_resend_percent`, most often because the transformation was changed. That was left as it is; new memories were delivered.",
    remedy:
      "look at it with `memory-connector plan`; if it is meant: `memory-connector sync --accept-resend`, if not: undo the change",
    requestRemedy:
      "look at the plan of a run; if it is meant, run it with `acceptResends`, if not: undo the change",
  },
  DELETIONS_SUSPECT: {
    reaction: "stop-run",
    meaning:
      "More would be removed from LightRAG than `deletions.max_percent` allows: known memories that the source's list lacks, or that have lost their text or do not fit the filter any more; or the list is empty. Nothing was removed; new and changed memories were delivered.",
    remedy: "look at the source; if the memories are really gone: `memory-connector sync --accept-deletions`",
    requestRemedy: "look at the source; if the memories are really gone, run it with `acceptDeletions`",
  },
  BUDGET_TOO_SMALL: {
    reaction: "skip-item",
    meaning: "The memory's document alone is larger than the connector's budget of a whole day.",
    remedy:
      "raise the connector's `budget`, then `memory-connector dead-letters replay --code BUDGET_TOO_SMALL`",
    requestRemedy: "raise the connector's `budget`, then replay the dead letters of this code",
  },
  PAYLOAD_MISSING: {
    reaction: "skip-item",
    meaning:
      "A ledger row is to be delivered and does not hold its memory any more: damaged state, or a defect.",
    remedy: "run `memory-connector sync --force --ids ID` to fetch the memory again",
    requestRemedy: "run the connector with `force` and this id, to fetch the memory again",
  },
  LEDGER_TRANSITION: {
    reaction: "stop-run",
    meaning: "A ledger row was asked to make a move that its state does not allow: a defect.",
    remedy: "report it with the row that `memory-connector dead-letters show ID` prints",
    requestRemedy: "report it with what the dead letter says",
  },
  DEAD_LETTER_EMPTY: {
    reaction: "fix-input",
    meaning: "A dead letter cannot be replayed because the source never showed a well-formed memory to send.",
    remedy: "correct the item at the source; it is taken up again when it changes",
  },
  DEAD_LETTER_UNKNOWN: {
    reaction: "fix-input",
    meaning:
      "The memory is no dead letter, or not any more: it was replayed, dropped, or its source mended it.",
    remedy: "look at `memory-connector dead-letters list`",
    requestRemedy: "look at the list of dead letters",
  },
  DEAD_LETTERS_EXCEEDED: {
    reaction: "fix-input",
    meaning: "More dead letters fit the filter than the call allows. Nothing was changed.",
    remedy: "look with `--dry-run` at what is hit now, then name that number, or a narrower filter",
    requestRemedy: "look with `dryRun` at what is hit now, then name that number, or a narrower filter",
  },
  RUN_ACTIVE: {
    reaction: "retry",
    meaning: "A run was asked for while the connector's last one is queued or under way.",
    remedy: "wait until it ends, or cancel it: `memory-connector cancel CONNECTOR`",
    requestRemedy: "wait until it ends, or cancel it",
  },
  RUN_NOT_ACTIVE: {
    reaction: "fix-input",
    meaning: "A run was to be cancelled, and the connector has none that is queued or under way.",
    remedy: "look at `memory-connector status`",
    requestRemedy: "look at the connector's status",
  },
  RUN_NOT_ANSWERING: {
    reaction: "retry",
    meaning:
      "A run was to be cancelled, and the process that works on it did not take the request: it is stopped, hangs, or is of an earlier version. The request was withdrawn.",
    remedy:
      "end that process where it runs, by Ctrl-C or `kill`; whatever ends it, the next run goes on where it stopped",
  },
  BACKFILL_NOT_ACTIVE: {
    reaction: "fix-input",
    meaning:
      "A backfill was to be cancelled, and the connector has none under way: none was asked for, or it is done.",
    remedy: "look at `memory-connector status`",
    requestRemedy: "look at the connector's status",
  },
  RUN_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The history has no run of this id; it may have been removed with age.",
    remedy: "`memory-connector history` shows the ids",
    requestRemedy: "the list of the connector's runs shows the ids",
  },
} as const satisfies ErrorTable;
