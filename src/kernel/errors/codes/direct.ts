import type { ErrorTable } from "../error-entry.ts";

/** Direct mode: the folder that the process keeps itself. */
export const directErrors = {
  DIRECT_FOLDER_DAMAGED: {
    reaction: "stop-run",
    meaning: "A file of the storage folder is not what LightRAG writes: cut short, or edited by hand.",
    remedy:
      "put the file back from a backup, or move the folder away and `memory-connector reset --connector-id CONNECTOR` to sync everything again",
    requestRemedy:
      "put the file back from a backup, or move the folder away and reset the connector to sync everything again",
  },
  DIRECT_FOLDER_LOCKED: {
    reaction: "stop-run",
    meaning: "Another process works on the storage folder: it has one writer at a time.",
    remedy:
      "a service that holds it does not end: have it run the connector by `memory-connector trigger CONNECTOR`; for anything else wait " +
      "until it has ended. Questions such as `memory-connector graph` read the folder beside it",
    requestRemedy:
      "a service that holds it does not end: have it run the connector; for anything else wait until it has ended. Questions read the " +
      "folder beside it",
  },
  DIRECT_FOLDER_FULL: {
    reaction: "stop-run",
    meaning: "The disk has no room for what was to be written. Everything that was accepted before is safe.",
    remedy: "free some room on that disk and run again; it goes on where it stopped",
  },
  DIRECT_FOLDER_UNUSABLE: {
    reaction: "stop-run",
    meaning: "The storage folder cannot be read or written: permissions, a missing disk, an I/O error.",
    remedy: "make `lightrag.direct.working_dir` a folder that this user may write, and check the disk",
  },
  DIRECT_FOLDER_CHANGED: {
    reaction: "fix-input",
    meaning:
      "Another program, such as a LightRAG server, wrote to the storage folder while a run worked on it or had left work beside it.",
    remedy:
      "go back to a copy of the folder from before, or delete `memory_connector.journal` in it and `memory-connector reset --connector-id CONNECTOR` each connector",
    requestRemedy:
      "go back to a copy of the folder from before, or delete `memory_connector.journal` in it and reset each connector",
  },
  DIRECT_FOLDER_MISSING: {
    reaction: "fix-input",
    meaning:
      "There is no storage folder to read: nothing has been synced into it, or the setting names another place.",
    remedy: "run `memory-connector sync` first, or correct `lightrag.direct.working_dir`",
    requestRemedy: "the first run of a connector makes it; else correct `lightrag.direct.working_dir`",
  },
  DIRECT_FOLDER_NEWER: {
    reaction: "fix-input",
    meaning:
      "A newer version of memory-connector has written the storage folder in a way that this one does not know.",
    remedy: "install that version or a newer one, or use another `working_dir`",
  },
  DIRECT_EMBEDDING_CHANGED: {
    reaction: "fix-input",
    meaning:
      "The storage folder was made with another embedding model: its vectors cannot be compared with the new ones.",
    remedy:
      "configure the embedding model that the folder was made with, or use a new `working_dir` and sync everything again",
  },
} as const satisfies ErrorTable;
