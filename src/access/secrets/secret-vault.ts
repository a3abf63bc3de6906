import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
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

/** Enough for a remote key service. Milliseconds. */
const timeoutMs = 10_000;
/** Enough for hundreds of keys. Bytes. */
const maxBytes = 16 * 1024;

/**
 * Runs a command without a shell, with this process's environment and no standard input, and resolves to its standard output.
 * Throws `SECRETS_KEY_COMMAND`, which never quotes the output.
 */
export async function readKeyCommand(command: readonly string[], limitMs = timeoutMs): Promise<string> {
  const [program = "", ...args] = command;
  const running = promisify(execFile)(program, args, {
    timeout: limitMs,
    killSignal: "SIGKILL",
    maxBuffer: maxBytes,
    windowsHide: true,
  });
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (thrown) {
    const message = `the command for the encryption key, ${program}, ${reasonOf(thrown as CommandFailure, limitMs)}`;
    throw new ConnectorError("SECRETS_KEY_COMMAND", message, { subject: program });
  }
}

interface CommandFailure {
  /** An exit code, or an error code. */
  code?: number | string | null;
  killed?: boolean;
  signal?: string | null;
}

function reasonOf({ code, killed, signal }: CommandFailure, limitMs: number): string {
  if (code === "ENOENT") return "does not exist";
  if (code === "EACCES") return "may not be run by this user";
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `printed more than ${maxBytes} bytes`;
  if (killed) return `did not end within ${limitMs / 1000} s`;
  if (typeof code === "number") return `ended with exit code ${code}`;
  return signal ? `was ended by ${signal}` : `could not be run (${code ?? "unknown reason"})`;
}
