/** An event as sent to webhooks. */
export interface NotificationEvent {
  /** `memory.ingested`, `alert.firing`, …; `test` for a requested test message. */
  type: string;
  /** RFC 3339, UTC. */
  at: string;
  /** Null when it is not about one connector. */
  connectorId: string | null;
  data: Readonly<Record<string, unknown>>;
}

/** A message to receivers. Contains no transcript and no secret. */
export interface Message {
  /** One line for people. */
  title: string;
  /** Details for people; may have several lines, may be empty. */
  text: string;
  tone: "bad" | "good" | "neutral";
  /** The same for programs. */
  events: readonly NotificationEvent[];
  /** Number of events dropped since the previous message. */
  dropped: number;
}

/** The delivery of a message to one channel. Its id is the same for every attempt. */
export interface Delivery {
  id: string;
  channelId: string;
  createdAt: number;
  message: Message;
  /** The channel's recipients that have not accepted it yet; by default all. */
  to?: readonly string[];
}
