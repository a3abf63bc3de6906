import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Delivery } from "../state/message.ts";

/** Some recipients took a message, and it is to be sent again to the others alone. */
export class PartlyTaken extends ConnectorError {
  readonly left: readonly string[];

  constructor(channelId: string, left: readonly string[], why: string) {
    const message = `channel "${channelId}": ${left.join(", ")} did not get it (${why}); the other recipients did`;
    super("CHANNEL_PARTLY_REFUSED", message, { subject: channelId });
    this.left = left;
  }
}

/** Somebody who is told. */
export interface Channel {
  readonly id: string;
  /**
   * Resolves to what the other side answered, in a few words for people, once it has taken the message. Throws a `ConnectorError` with
   * a `CHANNEL_*` code: those with the reaction `retry` say that the other side is down, the others that this message was not taken.
   * Messages name the channel and the host, never a path or a key, whatever the other side quotes. `PartlyTaken` when only some of several
   * recipients took it. An attempt ends within a limit of the channel's own, or at once with an abort; test/contract/channel-suite.ts says the rest.
   */
  send(delivery: Pick<Delivery, "id" | "message" | "to">, signal: AbortSignal): Promise<string>;
  /** Ends connections. */
  close(): Promise<void>;
}
