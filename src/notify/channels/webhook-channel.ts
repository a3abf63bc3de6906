import { standardSignature } from "../../kernel/inbound/signed-message.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Delivery } from "../../state/message.ts";
import type { Channel } from "../channel.ts";
import type { WebhookPoster } from "./webhook-poster.ts";

/** Sends the events of a message to a program as signed JSON. docs/alerts.md shows bodies. */
export class WebhookChannel implements Channel {
  readonly id: string;
  readonly #poster: WebhookPoster;
  readonly #secret: string | null;
  readonly #clock: Clock;

  constructor(id: string, options: { poster: WebhookPoster; secret: string | null; clock: Clock }) {
    this.id = id;
    this.#poster = options.poster;
    this.#secret = options.secret;
    this.#clock = options.clock;
  }

  send({ id, message }: Pick<Delivery, "id" | "message">, signal: AbortSignal): Promise<string> {
    const body = JSON.stringify({ id, events: message.events, dropped: message.dropped });
    return this.#poster.post(body, signatureHeaders(id, body, this.#secret, this.#clock.now()), signal);
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}

/**
 * The headers that authenticate sender and time of a body: HMAC-SHA256 over `ID.TIMESTAMP.BODY`. The id is the same for every
 * attempt, the timestamp is that of the attempt. Source: the Standard Webhooks specification, for which there are libraries in many
 * languages; docs/alerts.md shows a check without one.
 * @param secret any text, or `whsec_` and the base64 of the key
 * @param atMs   milliseconds since the epoch
 */
export function signatureHeaders(
  id: string,
  body: string,
  secret: string | null,
  atMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000));
  const unsigned = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secret === null) return unsigned;
  return { ...unsigned, "webhook-signature": standardSignature(secret, { id, timestamp, body }) };
}
