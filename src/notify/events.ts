import type { ConnectorError } from "../kernel/errors/connector-error.ts";

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
