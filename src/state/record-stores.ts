import type { DriftReport, ReconciliationRecord } from "../domain/drift-report.ts";
import type { UnreadMediumStore } from "../kernel/util/unread-medium.ts";
import type { AuditStore } from "./audit-store.ts";
import type { ErasureStore } from "./erasure-store.ts";
import type { NotificationStore } from "./notification-store.ts";
import type { ScheduleRequestStore } from "./schedule-request.ts";

/** A connector created through the management API. Times are milliseconds since the epoch. */
export interface StoredConnector {
  id: string;
  /** 0 for one that was never saved; each save adds 1. */
  version: number;
  /** In the configuration file's spelling, without substitutions. Holds secrets. */
  settings: Readonly<Record<string, unknown>>;
  /** The origin of each of its own secrets, by the path of the setting. Older records have none. */
  secretOrigins?: Readonly<Record<string, string>>;
  createdAt: number;
  changedAt: number;
}

export interface ConnectorStore {
  /** By id. */
  list(): Promise<StoredConnector[]>;
  get(id: string): Promise<StoredConnector | null>;
  /** Resolves to the connector with its new version. Another version than the stored one (0: not there) is a `STATE_CONFLICT`. */
  save(connector: StoredConnector): Promise<StoredConnector>;
  /** An unknown connector is ignored. */
  remove(id: string): Promise<void>;
}

export const apiRoles = ["admin", "viewer"] as const;
/** `viewer` may read; `admin` may do everything. */
export type ApiRole = (typeof apiRoles)[number];

/** A key to the management API. The key itself is not stored. Times are milliseconds since the epoch. */
export interface StoredApiKey {
  id: string;
  /** For people. */
  name: string;
  role: ApiRole;
  /** SHA-256 of the key, in hex. Keys are random and long, so that a slow hash would add nothing. */
  hash: string;
  createdAt: number;
  /** Expiry of the key; null for none. */
  endsAt: number | null;
  /** The last request with it, to the minute. Absent while there was none. */
  usedAt?: number;
}

export interface ApiKeyStore {
  /** By id. */
  list(): Promise<StoredApiKey[]>;
  /** Inserts or replaces by `id`. All or nothing. */
  save(keys: readonly StoredApiKey[]): Promise<void>;
  /** Keeps the later `usedAt`, and whatever else is stored now. An unknown key is ignored. */
  touch(id: string, usedAt: number): Promise<void>;
}

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

/** What tells the sessions of a state from those of another one. There is one record of it. */
export interface SessionRealm {
  name: string;
}

export interface SessionStore {
  /**
   * Tells the sessions of this state from those of others: eight letters and digits, the same for every process on it, made at the first
   * call.
   */
  realm(): Promise<string>;
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

/** The limits of a budget. */
export type BudgetLimit = "documents" | "characters" | "tokens";

/** What a connector has spent of its daily budget. */
export interface SpentBudget {
  connectorId: string;
  /** The day, in the connector's time zone: `2025-01-31`. */
  day: string;
  documents: number;
  characters: number;
  /** Estimated. */
  tokens: number;
  /** The limit that is exhausted; null while none is. */
  spentOut: BudgetLimit | null;
}

/** The last reconciliation of a connector. Earlier versions stored only `startedAt`. */
export interface StoredReconciliation {
  connectorId: string;
  /** Start of the last completed comparison; null before the first. Milliseconds since the epoch. */
  startedAt: number | null;
  /** Its findings. */
  report?: DriftReport | null;
  /** The latest one, completed or not. */
  latest?: ReconciliationRecord;
}

/** A requested delivery of old memories. Times are milliseconds since the epoch. */
export interface Backfill {
  connectorId: string;
  /** Of the memories' own times, both inclusive. */
  since: number;
  until: number;
  requestedAt: number;
  /** When the source was read for it; null before. */
  listedAt: number | null;
  /** When the last of them was settled or the backfill was cancelled; null while some wait. */
  finishedAt: number | null;
  /** A service runs the connector for it until it is finished; otherwise regular runs continue it. */
  byService?: boolean;
}

/** What one process may use of a limit that all processes on the state share. */
export interface SharePart {
  /** Its id on the board. */
  process: string;
  /** See `thisPlace`. */
  place: string;
  part: number;
}

/** Who has which part of each shared limit. */
export interface ShareStore {
  /** Applies a pure change while no other process does; resolves to what is stored afterwards. Nothing is written where nothing has changed. */
  change(
    name: string,
    change: (parts: readonly SharePart[]) => readonly SharePart[],
  ): Promise<readonly SharePart[]>;
}

/** One record for each connector. */
export interface PerConnector<Kept extends { connectorId: string }> {
  get(connectorId: string): Promise<Kept | null>;
  /** Inserts or replaces by `connectorId`. */
  save(record: Kept): Promise<void>;
}

/** The small collections of a state store. The guarantees of `StateManager` about durability, ids and errors apply to them, too. */
export interface RecordStores {
  readonly connectors: ConnectorStore;
  readonly apiKeys: ApiKeyStore;
  readonly sessions: SessionStore;
  readonly budgets: PerConnector<SpentBudget>;
  readonly reconciliations: PerConnector<StoredReconciliation>;
  readonly backfills: PerConnector<Backfill>;
  readonly erasures: ErasureStore;
  readonly unreadMedia: UnreadMediumStore;
  readonly scheduleRequests: ScheduleRequestStore;
  readonly shares: ShareStore;
  readonly notifications: NotificationStore;
  readonly audit: AuditStore;
}
