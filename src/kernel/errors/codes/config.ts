import type { ErrorTable } from "../error-entry.ts";

/** The configuration file. */
export const configErrors = {
  CONFIG_EXISTS: {
    reaction: "fix-input",
    meaning: "`init` found a file where it was to write one.",
    remedy: "name another file by --config, or overwrite it with --force",
  },
  CONFIG_NOT_WRITTEN: {
    reaction: "fix-input",
    meaning: "`init` could not write its file.",
    remedy: "choose a folder that exists and that you may write to",
  },
  CONFIG_NOT_FOUND: {
    reaction: "fix-input",
    meaning: "The configuration file, or a file that it names, does not exist.",
    remedy: "check the path, or write a configuration with `memory-connector init`",
  },
  CONFIG_UNREADABLE: {
    reaction: "fix-input",
    meaning:
      "The configuration file, or its `.env`, may not be read, is no text in UTF-8, or is far too large.",
    remedy: "save it as UTF-8, where the user of this process may read it",
  },
  CONFIG_SYNTAX: {
    reaction: "fix-input",
    meaning:
      "The configuration file is not YAML, or not a map of settings, or a line of its `.env` is no assignment. The message names the line.",
    remedy:
      "correct the file; `memory-connector init --full --config all-settings.yaml` writes one to compare with",
  },
  CA_UNREADABLE: {
    reaction: "fix-input",
    meaning: "The file that `ca` names cannot be read, or holds no certificate.",
    remedy: "name a PEM file with the certificate of the authority, readable for this user",
  },
  CONFIG_INVALID: {
    reaction: "fix-input",
    meaning: "Settings are unknown, missing or wrong, or do not fit together. Every problem is listed.",
    remedy: "correct each of them; docs/configuration.md describes every setting",
  },
} as const satisfies ErrorTable;
