import type { ErrorTable } from "../error-entry.ts";

/** What a person types and what the process itself meets. */
export const commandErrors = {
  USAGE: {
    reaction: "fix-input",
    meaning: "The command line is not one that the program understands.",
    remedy: "run the command with --help",
  },
  NOT_CONFIRMED: {
    reaction: "fix-input",
    meaning: "The command asks before it acts, and nobody said yes.",
    remedy: "run it again with --yes",
  },
  ENTITY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The graph has no entity of exactly this name; upper and lower case count.",
    remedy: "look for the name in `memory-connector graph --top 100`",
  },
  MEMORY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The ledger has no row for this memory: it was never seen, or the connector was reset.",
    remedy: "look at the id; `memory-connector sync` takes up what the Memory API shows",
  },
  NODE_TOO_OLD: {
    reaction: "fix-input",
    meaning: "The installed command was started by a Node.js that cannot read it; nothing was done.",
    remedy: "install Node.js 24, or put it first in PATH",
  },
  CANCELLED: {
    reaction: "stop-run",
    meaning: "The run was cancelled by a signal, a person or its time limit.",
    remedy: "run it again; it goes on where it stopped",
  },
  PORT_UNAVAILABLE: {
    reaction: "fix-input",
    meaning: "The service cannot listen on a port: another program has it, or it needs more rights.",
    remedy: "end the other program, or configure another port",
  },
  INTERNAL: {
    reaction: "stop-run",
    meaning: "Something happened that the program did not expect: a defect.",
    remedy: "run again with --verbose and report what it prints",
  },
  QUESTION_TOO_SHORT: {
    reaction: "fix-input",
    meaning: "A question has fewer characters than LightRAG takes.",
    remedy: "ask in at least three characters",
  },
} as const satisfies ErrorTable;
