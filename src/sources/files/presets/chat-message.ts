import type { MemoryLocation } from "../../../domain/memory.ts";

/** What somebody said. */
export interface ChatMessage {
  /** Tells it from others of its chat, in each export of it. */
  key?: string;
  /** RFC 3339 in UTC. */
  at: string;
  speaker: string;
  /** Empty for one without words: then its day is there, and says nothing. */
  text: string;
  location?: MemoryLocation | null;
  /** When it was last changed; null where nobody says it. */
  updatedAt?: string | null;
  /** As the export names them. */
  files?: readonly string[];
}

/** In which it was said. */
export interface Conversation {
  id: string;
  title: string | null;
  /** By whose days it is divided. */
  timeZone: string;
  /** Whether its messages have keys, so that its days are those of all exports. */
  isJoined?: boolean;
}

/** A day of a chat in parts. */
export interface ChatDay {
  id: string;
  conversation: Conversation;
  messages: readonly ChatMessage[];
}
