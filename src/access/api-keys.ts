import { hash as digest, randomBytes, timingSafeEqual } from "node:crypto";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { ApiKeyStore, ApiRole, StoredApiKey } from "../state/record-stores.ts";

/** A new key. It is shown only once. */
export interface NewKey {
  key: string;
  stored: StoredApiKey;
}

/** The owner of a key. */
export interface KeyHolder {
  id: string;
  name: string | null;
  role: ApiRole;
}

/** A key that is accepted, without the key itself. */
export interface KeyInForce extends KeyHolder {
  hash: Buffer;
  /** Milliseconds since the epoch; null for a key without an end. */
  endsAt: number | null;
  /** The last use that is written down; null while there was none, undefined for a key that is not in the state. */
  usedAt: number | null | undefined;
}

/** How often the last use of a key is written down. Milliseconds. */
const noteEveryMs = 60_000;

/** Owner of the configured key. */
const configuredHolder: KeyHolder = { id: "api.api_key", name: null, role: "admin" };

const withoutRecord = { endsAt: null, usedAt: undefined };

/** Users who can read the service's state: they could create a key as well. */
const localHolder: KeyHolder = { id: "local", name: "command line", role: "admin" };

export interface ApiKeysOptions {
  store: ApiKeyStore;
  /** The current `api.api_key`, with the role admin; null when it is not set. */
  configured: () => string | null;
  /** The key of commands on the same state; null for none. */
  local?: string | null;
  clock: Pick<Clock, "now">;
}

/** The keys to the management API: the configured one and those in the state store, which keeps only their hashes. */
export class ApiKeys {
  readonly #options: ApiKeysOptions;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
  }

  /** The owner of a key; null for a wrong or expired one. Runs in constant time, whether the key is right or wrong. */
  async holderOf(key: string): Promise<KeyInForce | null> {
    const hash = sha256(key);
    let holder: KeyInForce | null = null;
    for (const each of await this.inForce()) if (timingSafeEqual(hash, each.hash)) holder = each;
    return holder;
  }

  /** Every key that is accepted now. */
  async inForce(): Promise<KeyInForce[]> {
    const { store, configured, local = null, clock } = this.#options;
    const own = configured();
    const stored = (await store.list()).filter((key) => hasNotEnded(key, clock.now()));
    return [
      ...(own === null ? [] : [{ ...configuredHolder, ...withoutRecord, hash: sha256(own) }]),
      ...(local === null ? [] : [{ ...localHolder, ...withoutRecord, hash: sha256(local) }]),
      ...stored.map((key) => ({ ...key, usedAt: key.usedAt ?? null, hash: Buffer.from(key.hash, "hex") })),
    ];
  }

  /** Writes down that a key was used now, unless that was done within the last minute. */
  async noteUse({ id, usedAt }: KeyInForce): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    if (usedAt === undefined || now - (usedAt ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
    // A state that cannot be written to now refuses nobody who only reads.
    await store.touch(id, now).catch(() => undefined);
  }

  /** In order of creation. */
  async list(): Promise<StoredApiKey[]> {
    const keys = await this.#options.store.list();
    return keys.toSorted((a, b) => a.createdAt - b.createdAt);
  }

  async create(name: string, role: ApiRole): Promise<NewKey> {
    const made = newKey(name, role, this.#options.clock.now());
    await this.#options.store.save([made.stored]);
    return made;
  }

  /** A new key of the same name and role; the old one stays valid for `graceMs`. Throws `API_KEY_UNKNOWN`. */
  async rotate(id: string, graceMs: number): Promise<NewKey> {
    const now = this.#options.clock.now();
    const old = await this.#working(id);
    const made = newKey(old.name, old.role, now);
    const endsAt = Math.min(old.endsAt ?? Number.POSITIVE_INFINITY, now + graceMs);
    await this.#options.store.save([{ ...old, endsAt }, made.stored]);
    return made;
  }

  /** Revokes the key immediately. Throws `API_KEY_UNKNOWN`. */
  async revoke(id: string): Promise<StoredApiKey> {
    const revoked = { ...(await this.#working(id)), endsAt: this.#options.clock.now() };
    await this.#options.store.save([revoked]);
    return revoked;
  }

  async #working(id: string): Promise<StoredApiKey> {
    const { store, clock } = this.#options;
    const key = (await store.list()).find((each) => each.id === id);
    if (key !== undefined && hasNotEnded(key, clock.now())) return key;
    throw new ConnectorError("API_KEY_UNKNOWN", `no working key has the id "${id}"`, { subject: id });
  }
}

export function hasNotEnded({ endsAt }: StoredApiKey, now: number): boolean {
  return endsAt === null || endsAt > now;
}

function newKey(name: string, role: ApiRole, now: number): NewKey {
  const key = `mck_${randomBytes(32).toString("base64url")}`;
  const id = randomBytes(4).toString("hex");
  return { key, stored: { id, name, role, hash: sha256(key).toString("hex"), createdAt: now, endsAt: null } };
}

export function sha256(text: string): Buffer {
  return digest("sha256", text, "buffer");
}
