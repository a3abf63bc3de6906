import type { ConnectorError } from "../kernel/errors/connector-error.ts";

interface OfChannel {
  channelId: string;
}

/** What happens to messages, for logs and metrics. */
export interface NotifyEvents {
  "notify:sent": OfChannel & { deliveryId: string; attempts: number };
  /** It is sent again later, except when it is `final`. */
  "notify:failed": OfChannel & {
    deliveryId: string;
    attempts: number;
    final: boolean;
    error: ConnectorError;
  };
  /** Events that no message holds because too many messages wait. */
  "notify:dropped": OfChannel & { count: number };
  /** Messages cannot be kept or read. They go on later. */
  "notify:store-failed": { error: ConnectorError };
}
