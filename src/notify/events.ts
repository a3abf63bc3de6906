import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { AlertChange } from "./alerts/decide.ts";

interface OfChannel {
  channelId: string;
}

/** Events of messages, for logs and metrics. */
export interface NotifyEvents {
  "notify:sent": OfChannel & { deliveryId: string; attempts: number };
  /** Retried later, unless `final`. */
  "notify:failed": OfChannel & {
    deliveryId: string;
    attempts: number;
    final: boolean;
    error: ConnectorError;
  };
  /** Events dropped because too many messages wait. */
  "notify:dropped": OfChannel & { count: number };
  /** Messages cannot be stored or read. Retried later. */
  "notify:store-failed": { error: ConnectorError };
}

export interface AlertEvents {
  /** An alert began, lasts (a reminder) or ended; its messages are queued. */
  "alert:change": AlertChange;
  /** Rules could not be evaluated. They are again later. */
  "alert:judge-failed": { error: ConnectorError };
}
