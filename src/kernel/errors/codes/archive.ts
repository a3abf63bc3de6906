import type { ErrorTable } from "../error-entry.ts";

/** Exports, restores, backups. */
export const archiveErrors = {
  ARCHIVE_UNREADABLE: {
    reaction: "fix-input",
    meaning: "The archive does not exist or may not be read.",
    remedy: "check the path and who may read it",
  },
  ARCHIVE_FOREIGN: {
    reaction: "fix-input",
    meaning: "The file is not an archive that `memory-connector export FILE` wrote. Nothing was changed.",
    remedy: "name the archive as it was written; one that was unpacked and packed again is none",
  },
  ARCHIVE_TOO_NEW: {
    reaction: "fix-input",
    meaning: "The archive was written by a newer version of memory-connector. Nothing was changed.",
    remedy: "restore it with that version or a later one",
  },
  ARCHIVE_DAMAGED: {
    reaction: "fix-input",
    meaning:
      "The archive is cut short, or what it holds is not what was written into it. Nothing was changed.",
    remedy: "use another archive; `memory-connector restore FILE --check` tells whether one is whole",
    requestRemedy: "use another archive; a check of it tells whether one is whole",
  },
  ARCHIVE_TOO_LARGE: {
    reaction: "fix-input",
    meaning:
      "The archive goes beyond the limits of what an export writes, as a decompression bomb does. Nothing was changed.",
    remedy: "use an archive from a source that you trust; docs/backup.md names the limits",
  },
  ARCHIVE_EXISTS: {
    reaction: "fix-input",
    meaning: "A file was to be written where there is one already. It was left alone.",
    remedy: "choose another name, or overwrite it with --force",
    requestRemedy: "choose another name",
  },
  RESTORE_WHILE_SERVING: {
    reaction: "fix-input",
    meaning:
      "A running service was asked to restore an archive, and nothing may have the state open meanwhile. Nothing was changed.",
    remedy:
      "look at the archive with `memory-connector restore FILE --check`; then stop the service, `memory-connector restore FILE --replace`, and start it again",
  },
  ARCHIVE_NOT_WRITTEN: {
    reaction: "stop-run",
    meaning:
      "The archive or the copy could not be written: no room, no permission, a failing disk. Nothing was left behind.",
    remedy: "check the folder and the room on its disk, then run it again",
  },
} as const satisfies ErrorTable;
