import type { ErrorTable } from "../error-entry.ts";

/** What a person types and what the process itself meets. */
export const commandErrors = {
  USAGE: {
    reaction: "fix-input",
    meaning: "The command line is not one that the program understands.",
    remedy: "run the command with --help",
  },
  RANGE_REVERSED: {
    reaction: "fix-input",
    meaning: "A span of time ends before it begins: `since` is later than `until`. Nothing was done.",
    remedy: "exchange the two, or correct one of them",
  },
  OPTION_INEFFECTIVE: {
    reaction: "fix-input",
    meaning: "Something was given that has an effect only beside something else, which is missing.",
    remedy: "give both, or leave it out",
  },
  PAGE_NOT_BUILT: {
    reaction: "fix-input",
    meaning:
      "The page of the service was to be opened in a checkout where it is not built, and building it is not possible.",
    remedy: "`npm ci && npm run build`",
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
    requestRemedy: "look for the name among the graph's entities",
  },
  PLACE_UNKNOWN: {
    reaction: "fix-input",
    meaning:
      "No town of the gazetteer has this name; it knows English names, and where a town lies by region and country.",
    remedy:
      "give a town near it, or a latitude and a longitude such as 38.71,-9.14; a region or a country is named by --place",
    requestRemedy:
      "give a town near it, or a latitude and a longitude such as 38.71,-9.14; a region or a country is named by `place`",
  },
  MEMORY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The ledger has no row for this memory: it was never seen, or the connector was reset.",
    remedy: "look at the id; `memory-connector sync` takes up what the source shows",
    requestRemedy: "look at the id; the next run of its connector takes up what the source shows",
  },
  NODE_TOO_OLD: {
    reaction: "fix-input",
    meaning: "The installed command was started by a Node.js that cannot read it; nothing was done.",
    remedy: "install Node.js 24, or put it first in PATH",
  },
  CANCELLED: {
    reaction: "stop-run",
    meaning: "The work was cancelled by a signal, a person or its time limit.",
    remedy: "run it again; a run of a connector goes on where it stopped",
  },
  PORT_UNAVAILABLE: {
    reaction: "fix-input",
    meaning:
      "The service cannot listen on a port: another program has it, it needs more rights, or the address is none of this machine.",
    remedy: "end the other program, or configure another port",
  },
  OUTPUT_NOT_WRITTEN: {
    reaction: "stop-run",
    meaning:
      "What the command found out could not be written to standard output; the command itself has done its work.",
    remedy: "make room where the output goes, and look at `memory-connector status` before running it again",
  },
  WORKING_FOLDER_GONE: {
    reaction: "fix-input",
    meaning: "The command runs in a folder that has been removed, so that no relative path leads anywhere.",
    remedy: "change into a folder that exists, with `cd`",
  },
  SYSTEM_REFUSED: {
    reaction: "fix-input",
    meaning:
      "The operating system refused something that a command needs: a file or folder that may not be read or written, a full disk, no more open files.",
    remedy: "look at who may read and write there, and whether there is room",
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
