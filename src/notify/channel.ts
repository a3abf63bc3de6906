import type { Delivery } from "./message.ts";

/** Somebody who is told. */
export interface Channel {
  readonly id: string;
  /**
   * Resolves to what the other side answered, in a few words for people, once it has taken the message. Throws a `ConnectorError` with
   * a `CHANNEL_*` code: those with the reaction `retry` say that the other side is down, the others that this message was not taken.
   * Messages name the channel and the host, never a path or a key.
   */
  send(delivery: Pick<Delivery, "id" | "message">, signal: AbortSignal): Promise<string>;
  /** Ends connections. */
  close(): Promise<void>;
}
