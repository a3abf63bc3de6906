import type { Clock } from "../../kernel/util/clock.ts";
import type { Delivery } from "../../state/message.ts";
import type { Channel } from "../channel.ts";
import { signatureHeaders } from "../signature.ts";
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
