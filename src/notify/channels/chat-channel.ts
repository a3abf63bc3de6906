import type { Delivery, Message } from "../../state/message.ts";
import type { Channel } from "../channel.ts";
import type { WebhookPoster } from "./webhook-poster.ts";

/** Sends messages to a chat through its incoming webhook. */
export class ChatChannel implements Channel {
  readonly id: string;
  readonly #poster: WebhookPoster;
  readonly #bodyOf: (message: Message) => unknown;

  constructor(id: string, poster: WebhookPoster, bodyOf: (message: Message) => unknown) {
    this.id = id;
    this.#poster = poster;
    this.#bodyOf = bodyOf;
  }

  send({ message }: Pick<Delivery, "message">, signal: AbortSignal): Promise<string> {
    return this.#poster.post(JSON.stringify(this.#bodyOf(message)), {}, signal);
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}
