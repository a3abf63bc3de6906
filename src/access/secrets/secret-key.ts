import { createHash, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** AES-256. */
const keyBytes = 32;

export interface SecretKey {
  /** Eight hex digits derived from the key that do not reveal it; sealed values refer to the key by this id. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The keys of one configuration: the first one seals, every one opens. */
export class SecretKeys {
  readonly sealing: SecretKey;
  readonly #byId: ReadonlyMap<string, SecretKey>;

  constructor(sealing: SecretKey, older: readonly SecretKey[] = []) {
    this.sealing = sealing;
    this.#byId = new Map([...older, sealing].map((key) => [key.id, key]));
  }

  find(id: string): SecretKey | undefined {
    return this.#byId.get(id);
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }
}

/**
 * Parses one or more keys, separated by commas, spaces or line breaks. A key is 32 bytes in base64 (either alphabet) or hex, as
 * `openssl rand -base64 32` prints them. Throws `SECRETS_KEY_INVALID`, which never quotes the text.
 */
export function parseSecretKeys(text: string): SecretKeys {
  const [sealing, ...older] = text
    .split(/[\s,]+/u)
    .filter((part) => part !== "")
    .map(toSecretKey);
  if (sealing === undefined) throw new ConnectorError("SECRETS_KEY_INVALID", "the encryption key is empty");
  return new SecretKeys(sealing, older);
}

/** A new key as text, from the system's random source. */
export function newSecretKey(): string {
  return randomBytes(keyBytes).toString("base64");
}

function toSecretKey(text: string, index: number, all: readonly string[]): SecretKey {
  const bytes = decode(text);
  if (bytes.length !== keyBytes) {
    const which = all.length === 1 ? "the encryption key" : `encryption key ${index + 1} of ${all.length}`;
    throw new ConnectorError("SECRETS_KEY_INVALID", `${which} is not 32 bytes in base64 or hex`);
  }
  const digest = createHash("sha256").update("memory-connector secret key id").update(bytes);
  return { id: digest.digest("hex").slice(0, 8), key: createSecretKey(bytes) };
}

function decode(text: string): Buffer {
  if (/^[0-9a-f]{64}$/iu.test(text)) return Buffer.from(text, "hex");
  return /^[\w+/-]{43}=?$/u.test(text) ? Buffer.from(text, "base64") : Buffer.alloc(0);
}
