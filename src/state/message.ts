/** One thing that happened, as webhooks carry it. */
export interface NotificationEvent {
  /** `memory.ingested`, `alert.firing`, …; `test` for a message that somebody asked for. */
  type: string;
  /** RFC 3339, UTC. */
  at: string;
  /** Null when it concerns no single connector. */
  connectorId: string | null;
  data: Readonly<Record<string, unknown>>;
}

/** What is told in one go. Holds no transcript and no secret. */
export interface Message {
  /** One line for people. */
  title: string;
  /** The rest for people; may have several lines, may be empty. */
  text: string;
  tone: "bad" | "good" | "neutral";
  /** The same for programs. */
  events: readonly NotificationEvent[];
  /** Events that could not be kept since the message before. */
  dropped: number;
}

/** A message on its way to one channel. The id stays the same however often it is sent. */
export interface Delivery {
  id: string;
  channelId: string;
  createdAt: number;
  message: Message;
  /** Of the channel's recipients, those that did not take it yet; all of them when it is left out. */
  to?: readonly string[];
}
