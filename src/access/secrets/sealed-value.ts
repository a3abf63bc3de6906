import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { SecretKey, SecretKeys } from "./secret-key.ts";

const algorithm = "aes-256-gcm";
/** The nonce length of GCM; with random nonces one key is safe for 2^32 values (NIST SP 800-38D §8.3). */
const nonceBytes = 12;
const tagBytes = 16;

/** An encrypted text, as stored. */
export interface SealedValue {
  sealed: "v1";
  /** Id of the key that sealed it. */
  key: string;
  /** Base64. */
  nonce: string;
  /** Ciphertext and authentication tag, base64. */
  data: string;
}

/**
 * The location of a value. It is authenticated with the value, so that a value moved to another record or field cannot be opened there.
 */
export interface SealPlace {
  /** Kind and id of the record. */
  record: readonly [collection: string, id: string];
  /** The path of keys to the value. */
  path: readonly (string | number)[];
}

export function seal(text: string, { id, key }: SecretKey, place: SealPlace): SealedValue {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(bindingOf(place));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { sealed: "v1", key: id, nonce: nonce.toString("base64"), data: data.toString("base64") };
}

/**
 * Throws `SECRETS_KEY_MISSING` when none of the keys sealed it, and `SECRETS_DAMAGED` when it fails authentication for this place.
 */
export function unseal(sealed: SealedValue, keys: SecretKeys | null, place: SealPlace): string {
  const key = keys?.find(sealed.key);
  if (key === undefined) throw keyMissing(sealed.key, keys, place);
  try {
    return open(sealed, key, place);
  } catch (cause) {
    const message = `${nameOf(place)} was changed after it was sealed, or belongs to another place`;
    throw new ConnectorError("SECRETS_DAMAGED", message, { subject: place.record[1], cause });
  }
}

export function isSealed(value: unknown): value is SealedValue {
  if (typeof value !== "object" || value === null) return false;
  const { sealed, key, nonce, data } = value as Partial<Record<keyof SealedValue, unknown>>;
  return sealed === "v1" && [key, nonce, data].every((part) => typeof part === "string");
}

function open({ nonce, data }: SealedValue, { key }: SecretKey, place: SealPlace): string {
  const bytes = Buffer.from(data, "base64");
  const tagAt = bytes.length - tagBytes;
  if (tagAt < 0) throw new Error("shorter than its tag");
  const decipher = createDecipheriv(algorithm, key, Buffer.from(nonce, "base64"), { authTagLength: tagBytes })
    .setAAD(bindingOf(place))
    .setAuthTag(bytes.subarray(tagAt));
  return Buffer.concat([decipher.update(bytes.subarray(0, tagAt)), decipher.final()]).toString("utf8");
}

function bindingOf({ record, path }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify(["memory-connector", "v1", ...record, ...path]));
}

function keyMissing(id: string, keys: SecretKeys | null, place: SealPlace): ConnectorError {
  const given = keys === null ? "no key is configured" : `configured are: ${keys.ids.join(", ")}`;
  const message = `${nameOf(place)} is sealed with the key ${id}; ${given}`;
  return new ConnectorError("SECRETS_KEY_MISSING", message, { subject: place.record[1] });
}

/** `lightrag.api.api_key of connector "personal"` */
function nameOf({ record: [collection, id], path }: SealPlace): string {
  return `${path.join(".")} of ${collection} "${id}"`;
}
