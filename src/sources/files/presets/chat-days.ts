import type { Memory } from "../../../domain/memory.ts";
import { dayShown } from "../../../kernel/util/time-zone.ts";
import { type ItemPlace, malformedItem, type ReadItem } from "../read-item.ts";
import type { ChatDay, ChatMessage, Conversation } from "./chat-message.ts";

/** Two forms of a day as one: each message as it was last changed, or as the later form has it. */
export function joinedDay(earlier: ChatDay, later: ChatDay): ReadItem & { kind: "memory" } {
  const messages = new Map(earlier.messages.map((message) => [message.key, message]));
  for (const message of later.messages) {
    const known = messages.get(message.key);
    if ((known?.updatedAt ?? "") <= (message.updatedAt ?? "")) messages.set(message.key, message);
  }
  const byTime = [...messages.values()].sort(
    (one, other) => Date.parse(one.at) - Date.parse(other.at) || Number(one.key) - Number(other.key) || 0,
  );
  return itemOf({ ...later, messages: byTime });
}

/**
 * Makes of a conversation a memory for each day. A day that comes again behind another one, because clocks were wrong, is a memory of its own: so each
 * can be given out as soon as its day is over.
 */
export function* chatDays(
  conversation: Conversation,
  messages: Iterable<ChatMessage>,
): Generator<ReadItem & { kind: "memory" }> {
  const days = new ChatDays(conversation);
  for (const message of messages) yield* days.take(message);
  yield* days.end();
}

/** The same for messages that come one by one. */
export class ChatDays {
  readonly #conversation: Conversation;
  readonly #times = new Map<string, number>();
  #day = "";
  #messages: ChatMessage[] = [];

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  *take(message: ChatMessage): Generator<ReadItem & { kind: "memory" }> {
    const day = dayShown(Date.parse(message.at), this.#conversation.timeZone);
    if (day !== this.#day) yield* this.end();
    this.#day = day;
    this.#messages.push(message);
  }

  *end(): Generator<ReadItem & { kind: "memory" }> {
    const [first] = this.#messages;
    if (first === undefined) return;
    const times = (this.#times.get(this.#day) ?? 0) + 1;
    this.#times.set(this.#day, times);
    const id = `${beginningOf(this.#conversation.id)}${this.#day}${times === 1 ? "" : ` (${times})`}`;
    const day = { id, conversation: this.#conversation, messages: this.#messages };
    this.#messages = [];
    yield itemOf(day);
  }
}

const beginningOf = (id: string) => `${id}/`;

/** A conversation that cannot be read, or a part of it; it may stand for any of its days. `id` is that of the conversation where it has one. */
export function brokenChat(
  id: string | undefined,
  where: ItemPlace,
  problems: readonly string[],
  text: string,
): ReadItem {
  const standsFor = id === undefined ? {} : { standsFor: beginningOf(id).toWellFormed() };
  return malformedItem(where, { ...standsFor, problems, text });
}

function itemOf(day: ChatDay): ReadItem & { kind: "memory" } {
  const { id, conversation, messages } = day;
  const files = messages.flatMap((message) => message.files ?? []);
  const memory = memoryOf(id, conversation, messages);
  return { kind: "memory", memory, files, ...(conversation.isJoined === true && { day, replaces: true }) };
}

function memoryOf(id: string, { title }: Conversation, messages: readonly ChatMessage[]): Memory {
  const times = messages.map(({ at }) => at).sort();
  const [createdAt = ""] = times;
  const updated = messages.flatMap(({ updatedAt }) => updatedAt ?? []).sort();
  const begin = Date.parse(createdAt);
  const said = messages.filter(({ text }) => text !== "");
  return {
    id: id.toWellFormed(),
    type: "chat",
    audio: false,
    image: false,
    transcript: said
      .map(({ speaker, text }) => `${speaker}: ${text}`)
      .join("\n")
      .toWellFormed(),
    location: messages.find(({ location }) => location)?.location ?? null,
    createdAt,
    updatedAt: updated.at(-1) ?? null,
    title: title?.toWellFormed() ?? null,
    tags: [],
    endedAt: times.at(-1) ?? createdAt,
    segments: said.map(({ at, speaker, text }) => ({
      speaker: speaker.toWellFormed(),
      startMs: Date.parse(at) - begin,
      endMs: null,
      text: text.toWellFormed(),
    })),
  };
}
