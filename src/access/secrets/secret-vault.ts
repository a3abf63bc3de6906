import { readKeyCommand } from "./key-command.ts";
import { parseSecretKeys, type SecretKeys } from "./secret-key.ts";

/** Where the keys come from, and whether secrets are to be sealed. */
export interface SecretSettings {
  /** What is saved is sealed. What was sealed is opened in any case. */
  readonly encrypt: boolean;
  /** One or more keys as text; null when none is given. */
  readonly encryptionKey: string | null;
  /** Program and arguments that print the keys; asked only without `encryptionKey`. */
  readonly keyCommand: readonly string[] | null;
}

/** The keys that the configuration in force names. They are read when they are first needed, and again after it was read again. */
export class SecretVault {
  private readonly settings: () => SecretSettings;
  private read: { from: SecretSettings; keys: Promise<SecretKeys | null> } | null = null;

  constructor(settings: () => SecretSettings) {
    this.settings = settings;
  }

  /** Null when none is configured. Throws `SECRETS_KEY_INVALID`, `SECRETS_KEY_COMMAND`. */
  keys(): Promise<SecretKeys | null> {
    const from = this.settings();
    if (this.read?.from !== from) {
      const keys = readKeys(from);
      this.read = { from, keys };
      // Next time the command may answer.
      keys.catch(() => {
        this.read = null;
      });
    }
    return this.read.keys;
  }

  /** The keys to seal with; null where secrets are to be kept plain. Throws what `keys` throws. */
  async sealingKeys(): Promise<SecretKeys | null> {
    return this.settings().encrypt ? this.keys() : null;
  }
}

async function readKeys({ encryptionKey, keyCommand }: SecretSettings): Promise<SecretKeys | null> {
  if (encryptionKey !== null) return parseSecretKeys(encryptionKey);
  return keyCommand === null ? null : parseSecretKeys(await readKeyCommand(keyCommand));
}
