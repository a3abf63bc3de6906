import { plural } from "../../../kernel/util/readable.ts";
import type { FormatReader } from "../plain-readers.ts";
import { readJsonItems } from "../plain-readers.ts";
import type { ItemPlace, ReadItem } from "../read-item.ts";
import { brokenChat, chatDays } from "./chat-days.ts";
import type { ChatMessage } from "./chat-message.ts";
import { type Item, idIn, isItem, itemIn, listIn, textIn, timeIn } from "./preset.ts";

/** A conversation as an export has it. */
export interface Talk {
  id: string;
  title: string | null;
  /** When it began; null where nobody says it. */
  begin: string | null;
  /** When it was last changed; null where nobody says it. */
  updatedAt: string | null;
  /** Those with words. Of some the time is not known. */
  messages: (Omit<ChatMessage, "at"> & { at: string | null })[];
  /** What of it cannot be read, for people. */
  flaws?: readonly string[];
}

/** An item that is no conversation, or none that can be read. */
interface NoTalk {
  /** That of the conversation, where it has one. */
  id?: string;
  problem: string;
}

/** Reads a list of conversations. */
export function assistantReader(talkOf: (item: Item, timeZone: string) => Talk | NoTalk): FormatReader {
  return async function* (file, options, signal) {
    for await (const { value, where, text } of readJsonItems(file, [], options, signal)) {
      if (where === null) {
        yield value;
        continue;
      }
      const talk = talkOf(itemIn(value), options.timeZone);
      if ("problem" in talk) yield brokenChat(talk.id, where, [talk.problem], text);
      else yield* daysOf(talk, options.timeZone, where, text);
    }
  };
}

export const withoutId: NoTalk = { problem: "it is no conversation: it has no id" };

/** A conversation that lacks the member in which its messages are. */
export const withoutMessages = (title: unknown, id: string, member: string): NoTalk => ({
  id,
  problem: `the conversation ${JSON.stringify(textIn(title) || id)} has no \`${member}\`, in which its messages are`,
});

/** One without words is there as an empty memory, so that it is counted; unless its words may be in what cannot be read. */
function* daysOf(talk: Talk, timeZone: string, where: ItemPlace, text: string): Generator<ReadItem> {
  const { id, title, begin, flaws = [] } = talk;
  const isEmpty = talk.messages.length === 0 && flaws.length === 0;
  const messages = isEmpty ? [{ at: begin, speaker: "Me", text: "" }] : talk.messages;
  const dated = messages.flatMap(({ at, ...message }) => (at === null ? [] : { ...message, at }));
  for (const day of chatDays({ id, title, timeZone }, dated))
    yield { ...day, where, version: talk.updatedAt };
  const problems = [...flaws, ...undatedIn(talk, messages.length - dated.length)];
  if (problems.length > 0) yield brokenChat(id, where, problems, text);
}

/** What is said of messages without a time. */
function undatedIn({ messages }: Talk, count: number): string[] {
  if (count === 0) return [];
  if (messages.length === 0) return ["it has neither words nor a time that can be read"];
  return [`${plural(count, "message")} of it: no time that can be read`];
}

/** Claude's `conversations.json`. */
export const readClaude = assistantReader((item, timeZone) => {
  const begin = timeIn(item.created_at, timeZone);
  const id = idIn(item.uuid);
  if (id === "") return withoutId;
  if (!Array.isArray(item.chat_messages)) return withoutMessages(item.name, id, "chat_messages");
  const { items, flaws } = itemsIn(item.chat_messages);
  const messages = items.flatMap((message) => {
    const at = timeIn(message.created_at, timeZone) ?? begin;
    const said = listIn(message.content)
      .map((part) => textIn(itemIn(part).text))
      .filter(Boolean)
      .join("\n");
    const text = [said || textIn(message.text), ...attachmentsOf(message)]
      .filter((part) => part.trim() !== "")
      .join("\n");
    const speaker = message.sender === "human" ? "Me" : "Claude";
    return text === "" ? [] : [{ at, speaker, text }];
  });
  const updatedAt = timeIn(item.updated_at, timeZone);
  return { id, title: textIn(item.name) || null, begin, updatedAt, messages, flaws };
});

/** The objects of a list, and what is to be said of the rest. */
function itemsIn(list: readonly unknown[]): { items: Item[]; flaws: string[] } {
  const items = list.filter(isItem);
  const others = list.length - items.length;
  return { items, flaws: others === 0 ? [] : [`${plural(others, "message")} of it: no object`] };
}

/** What was given with a message: the name of each file, and its text where the export has it. */
function attachmentsOf({ attachments, files }: Item): string[] {
  const read = listIn(attachments).map(itemIn);
  const names = new Set(read.map(({ file_name: name }) => name));
  const others = listIn(files)
    .map(itemIn)
    .filter(({ file_name: name }) => !names.has(name));
  return [...read, ...others].flatMap(({ file_name: name, extracted_content: content }) => {
    const shown = textIn(name) === "" ? "(file)" : `(file ${textIn(name)})`;
    const given = textIn(content).trim();
    return textIn(name) === "" && given === "" ? [] : [shown, given];
  });
}
