import type { ErrorCode } from "../errors/codes.ts";

export interface MediumKey {
  connectorId: string;
  contextId: string;
  memoryId: string;
  kind: "audio" | "image";
}

/**
 * `waiting` is tried again after growing waits. `dead` broke the model as often as `retry.max_attempts` allows, `dropped` was given up by
 * a person: neither is tried again before somebody asks for it, or the memory or the model is another one.
 */
export const mediumStandings = ["waiting", "dead", "dropped"] as const;
export type MediumStanding = (typeof mediumStandings)[number];

/** The audio or picture of a memory, when it could not be read. */
export interface UnreadMedium extends MediumKey {
  standing: MediumStanding;
  /** Fingerprint of the memory's version, the model and the limits with which it was tried: with another one it begins anew. */
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
  /** Of one connector, in no certain order. */
  list(connectorId: string): Promise<UnreadMedium[]>;
  /** Inserts or replaces by key. All or nothing. */
  save(media: readonly UnreadMedium[]): Promise<void>;
  /** Keys that are not there are fine. All or nothing; resolves to how many were there. */
  remove(keys: readonly MediumKey[]): Promise<number>;
}

/** The id of its record. */
export function mediumId({ connectorId, contextId, memoryId, kind }: MediumKey): string {
  return JSON.stringify([connectorId, contextId, memoryId, kind]);
}
