import { plural } from "../../../kernel/util/readable.ts";
import type { FormatReader } from "../plain-readers.ts";
import { readJsonItems } from "../plain-readers.ts";
import { type ItemPlace, malformedItem, type ReadItem } from "../read-item.ts";
import { chatDays } from "./chat-days.ts";
import type { ChatMessage } from "./chat-message.ts";
import { type Item, idIn, itemIn, listIn, textIn, timeIn } from "./preset.ts";

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
}

/** Reads a list of conversations; a text instead of one says why it is none. */
export function assistantReader(talkOf: (item: Item, timeZone: string) => Talk | string): FormatReader {
  return async function* (file, options, signal) {
    for await (const { value, where, text } of readJsonItems(file, [], options, signal)) {
      if (where === null) {
        yield value;
        continue;
      }
      const talk = talkOf(itemIn(value), options.timeZone);
      if (typeof talk === "string") yield malformedItem(where, { problems: [talk], text });
      else yield* daysOf(talk, options.timeZone, where, text);
    }
  };
}

export const withoutId = "it is no conversation: it has no id";

/** Why a conversation cannot be read that lacks the member in which its messages are. */
export const withoutMessages = (title: unknown, id: unknown, member: string) =>
  `the conversation ${JSON.stringify(textIn(title) || idIn(id))} has no \`${member}\`, in which its messages are`;

/** One without words is there as an empty memory, so that it is counted. */
function* daysOf(talk: Talk, timeZone: string, where: ItemPlace, text: string): Generator<ReadItem> {
  const { id, title, begin } = talk;
  const messages = talk.messages.length > 0 ? talk.messages : [{ at: begin, speaker: "Me", text: "" }];
  const dated = messages.flatMap(({ at, ...message }) => (at === null ? [] : { ...message, at }));
  for (const day of chatDays({ id, title, timeZone }, dated))
    yield { ...day, where, version: talk.updatedAt };
  if (dated.length === messages.length) return;
  const undated = plural(messages.length - dated.length, "message");
  const problem =
    talk.messages.length > 0
      ? `${undated} of it: no time that can be read`
      : "it has neither words nor a time that can be read";
  yield malformedItem(where, { problems: [problem], text });
}

/** Claude's `conversations.json`. */
export const readClaude = assistantReader((item, timeZone) => {
  const begin = timeIn(item.created_at, timeZone);
  if (!Array.isArray(item.chat_messages)) return withoutMessages(item.name, item.uuid, "chat_messages");
  const messages = listIn(item.chat_messages)
    .map(itemIn)
    .flatMap((message) => {
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
  const id = idIn(item.uuid);
  return id === ""
    ? withoutId
    : { id, title: textIn(item.name) || null, begin, updatedAt: timeIn(item.updated_at, timeZone), messages };
});

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
