import type { ErrorTable } from "../error-entry.ts";

/** Sealed secrets. */
export const secretsErrors = {
  SECRETS_KEY_MISSING: {
    reaction: "fix-input",
    meaning:
      "A stored secret is sealed with a key that the configuration does not name. Nothing was changed.",
    remedy:
      "put that key into ENCRYPTION_KEY (advanced.security.encryption_key) again; after a change of keys behind the new one, with a comma",
  },
  SECRETS_KEY_INVALID: {
    reaction: "fix-input",
    meaning: "The encryption key does not have the form of one: 32 random bytes in base64 or hex.",
    remedy: "make one with `memory-connector secrets generate-key`",
    requestRemedy: "whoever runs the service makes another key: 32 bytes, in base64 or hex",
  },
  SECRETS_KEY_COMMAND: {
    reaction: "stop-run",
    meaning: "The command that prints the encryption key failed, took too long or printed too much.",
    remedy: "run the command of advanced.security.kms_command by hand as the same user",
  },
  SECRETS_DAMAGED: {
    reaction: "stop-run",
    meaning:
      "A sealed secret does not open with its own key: it was changed, or moved from another record. Nothing was changed.",
    remedy: "restore the state from a copy, or remove the connector and make it again with its secrets",
  },
} as const satisfies ErrorTable;
