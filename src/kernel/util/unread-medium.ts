import type { ErrorCode } from "../errors/codes.ts";

export interface MediumKey {
  connectorId: string;
  contextId: string;
  memoryId: string;
  kind: "audio" | "image";
}

/**
 * `waiting` is retried with backoff. `dead` has failed `retry.max_attempts` times, `dropped` was given up by a person: neither is
 * retried unless someone requests it, or the memory or the model changes.
 */
export const mediumStatuses = ["waiting", "dead", "dropped"] as const;
export type MediumStatus = (typeof mediumStatuses)[number];

/** The audio or picture of a memory, when it could not be read. */
export interface UnreadMedium extends MediumKey {
  standing: MediumStatus;
  /** Fingerprint of the memory's version, the model and the limits with which it was tried: a different one resets the attempts. */
  tried: string;
  /** Fingerprint of the bytes and the model; null when the source did not have them. */
  bytes: string | null;
  /** In a row. */
  failures: number;
  /** The last time. Milliseconds since the epoch. */
  failedAt: number;
  /** Of the last time. */
  error: { code: ErrorCode; message: string; hint: string };
}

/** The media of all connectors that could not be read. */
export interface UnreadMediumStore {
  get(key: MediumKey): Promise<UnreadMedium | null>;
  /** Of one connector, in no particular order. */
  list(connectorId: string): Promise<UnreadMedium[]>;
  /** Inserts or replaces by key. All or nothing. */
  save(media: readonly UnreadMedium[]): Promise<void>;
  /** Unknown keys are ignored. All or nothing; resolves to the number removed. */
  remove(keys: readonly MediumKey[]): Promise<number>;
}

/** The id of its record. */
export function mediumId({ connectorId, contextId, memoryId, kind }: MediumKey): string {
  return JSON.stringify([connectorId, contextId, memoryId, kind]);
}
