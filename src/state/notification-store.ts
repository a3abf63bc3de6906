import type { Delivery } from "./message.ts";

/** What is known of one watched condition. Times are milliseconds since the epoch. */
export interface StoredAlert {
  /** Names the rule, its number and what it watches. */
  id: string;
  /** 0 for one that was never saved; each save adds 1. */
  version: number;
  rule: string;
  /** Null when it concerns no single connector. */
  connectorId: string | null;
  /** What is wrong, for people: one line, and the rest. As it was told last. */
  title: string;
  text: string;
  since: number;
  lastToldAt: number;
  /** Null while the condition lasts. */
  resolvedAt: number | null;
}

/** A message that waits to be sent. */
export interface StoredDelivery extends Delivery {
  /** Attempts that failed. */
  attempts: number;
  nextAttemptAt: number;
  /** Until then the process that took it may be sending it. */
  claimedUntil: number;
  /** Why the last attempt failed. */
  lastError: string | null;
}

export interface NotificationStore {
  /** By id. */
  listAlerts(): Promise<StoredAlert[]>;
  /** Inserts or replaces alerts by `id` and inserts deliveries. All or nothing; another version of an alert is a `STATE_CONFLICT`. */
  enqueue(alerts: readonly StoredAlert[], deliveries: readonly StoredDelivery[]): Promise<void>;
  /** Alerts that are not there are fine. */
  removeAlerts(ids: readonly string[]): Promise<void>;
  /** By id. */
  listDeliveries(): Promise<StoredDelivery[]>;
  /** Takes a delivery for one process until `until`; null when another has it at `now`, or it is gone. */
  claimDelivery(id: string, now: number, until: number): Promise<StoredDelivery | null>;
  /** Replaces by `id`; one that is gone stays gone. */
  saveDelivery(delivery: StoredDelivery): Promise<void>;
  /** Those that are not there are fine. */
  removeDeliveries(ids: readonly string[]): Promise<void>;
}
