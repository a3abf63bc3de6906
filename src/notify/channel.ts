import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Delivery } from "../state/message.ts";

/** Some recipients accepted the message; it is retried for the others only. */
export class PartialDelivery extends ConnectorError {
  readonly remaining: readonly string[];

  constructor(channelId: string, left: readonly string[], why: string) {
    const message = `channel "${channelId}": ${left.join(", ")} did not get it (${why}); the other recipients did`;
    super("CHANNEL_PARTLY_REFUSED", message, { subject: channelId });
    this.remaining = left;
  }
}

/** The port to a receiver of messages. */
export interface Channel {
  readonly id: string;
  /**
   * Resolves to a short description of the receiver's response once it has accepted the message. Throws a `ConnectorError` with a
   * `CHANNEL_*` code: with the reaction `retry` the receiver is down, otherwise it refused this message. Error messages name the
   * channel and the host, never a path or a key, whatever the receiver quotes. Throws `PartialDelivery` when only some of several
   * recipients accepted it. An attempt ends within the channel's own time limit, or immediately on abort;
   * test/contract/channel-suite.ts has the rest.
   */
  send(delivery: Pick<Delivery, "id" | "message" | "to">, signal: AbortSignal): Promise<string>;
  /** Closes connections. */
  close(): Promise<void>;
}
