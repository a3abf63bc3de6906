import { readKeyCommand } from "./key-command.ts";
import { parseSecretKeys, type SecretKeys } from "./secret-key.ts";

/** Where the keys come from, and whether secrets are sealed. */
export interface SecretSettings {
  /** Secrets are sealed on save. Sealed ones are opened in any case. */
  readonly encrypt: boolean;
  /** One or more keys as text; null when none is given. */
  readonly encryptionKey: string | null;
  /** Program and arguments that print the keys; used only without `encryptionKey`. */
  readonly keyCommand: readonly string[] | null;
}

/** The keys of the current configuration. They are loaded on first use, and again after a reload. */
export class SecretVault {
  readonly #settings: () => SecretSettings;
  #read: { from: SecretSettings; keys: Promise<SecretKeys | null> } | null = null;

  constructor(settings: () => SecretSettings) {
    this.#settings = settings;
  }

  /** Null when none is configured. Throws `SECRETS_KEY_INVALID`, `SECRETS_KEY_COMMAND`. */
  keys(): Promise<SecretKeys | null> {
    const from = this.#settings();
    if (this.#read?.from !== from) {
      const keys = readKeys(from);
      this.#read = { from, keys };
      // The command may succeed next time.
      keys.catch(() => {
        this.#read = null;
      });
    }
    return this.#read.keys;
  }

  /** The keys to seal with; null where secrets are stored plain. Throws the errors of `keys`. */
  async sealingKeys(): Promise<SecretKeys | null> {
    return this.#settings().encrypt ? this.keys() : null;
  }
}

async function readKeys({ encryptionKey, keyCommand }: SecretSettings): Promise<SecretKeys | null> {
  if (encryptionKey !== null) return parseSecretKeys(encryptionKey);
  return keyCommand === null ? null : parseSecretKeys(await readKeyCommand(keyCommand));
}
