import type { ApiRole } from "./record-stores.ts";

/** A browser that is signed in. What its cookie says is not stored. Times are milliseconds since the epoch. */
export interface StoredSession {
  /** SHA-256 of its token, in hex. */
  id: string;
  /** The key that it was opened with, as in `KeyHolder`, and the role that the key had. */
  keyId: string;
  role: ApiRole;
  /** HMAC of the key's hash under the token: shows that the key is still the same one, and gives nothing to guess a short key by. */
  proof: string;
  createdAt: number;
  /** The last request, to the minute. */
  seenAt: number;
}

export interface SessionStore {
  /** By id. */
  list(): Promise<StoredSession[]>;
  get(id: string): Promise<StoredSession | null>;
  /** Inserts or replaces by `id`. */
  save(session: StoredSession): Promise<void>;
  /** Keeps the later `seenAt`. A session that has ended meanwhile, here or in another process, stays ended. */
  touch(id: string, seenAt: number): Promise<void>;
  /** Unknown ones are ignored. */
  remove(ids: readonly string[]): Promise<void>;
}
