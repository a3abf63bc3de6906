import type { Delivery } from "./message.ts";

/** The state of one watched condition. Times are milliseconds since the epoch. */
export interface StoredAlert {
  /** Composed of the rule, its threshold and its subject. */
  id: string;
  /** 0 for one that was never saved; each save adds 1. */
  version: number;
  rule: string;
  /** Null when it is not about one connector. */
  connectorId: string | null;
  /** The problem, for people: title and details, as last sent. */
  title: string;
  text: string;
  since: number;
  lastToldAt: number;
  /** Null while the condition lasts. */
  resolvedAt: number | null;
  /** When it has begun in the last day, the latest last; missing in alerts of earlier versions. */
  begun?: readonly number[];
  /** Since when the condition of an alert that flaps does not hold, while it is not told yet that it has ended. */
  fineSince?: number | null;
}

/** A queued message. */
export interface StoredDelivery extends Delivery {
  /** Failed attempts. */
  attempts: number;
  nextAttemptAt: number;
  /** End of the lease of the process that is sending it. */
  claimedUntil: number;
  /** Why the last attempt failed. */
  lastError: string | null;
  /** Set when it was the channel that failed and not this message: until then nothing is sent through it, by any process. */
  channelRestsUntil?: number;
}

export interface NotificationStore {
  /** By id. */
  listAlerts(): Promise<StoredAlert[]>;
  /** Inserts or replaces alerts by `id` and inserts deliveries. All or nothing; another version of an alert is a `STATE_CONFLICT`. */
  enqueue(alerts: readonly StoredAlert[], deliveries: readonly StoredDelivery[]): Promise<void>;
  /** Unknown alerts are ignored. */
  removeAlerts(ids: readonly string[]): Promise<void>;
  /** By id. */
  listDeliveries(): Promise<StoredDelivery[]>;
  /** Leases a delivery to one process until `until`; null when another holds it at `now`, or it is gone. */
  claimDelivery(id: string, now: number, until: number): Promise<StoredDelivery | null>;
  /** Replaces by `id`; a removed one is not restored. */
  saveDelivery(delivery: StoredDelivery): Promise<void>;
  /** Unknown ones are ignored. */
  removeDeliveries(ids: readonly string[]): Promise<void>;
}
