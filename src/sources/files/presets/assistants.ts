import { plural } from "../../../kernel/util/readable.ts";
import type { FormatReader } from "../plain-readers.ts";
import { readJsonItems } from "../plain-readers.ts";
import { type ItemPlace, malformedItem, type ReadItem } from "../read-item.ts";
import { type ChatMessage, chatDays } from "./chat-days.ts";
import { type Item, idIn, itemIn, listIn, secondsIn, textIn, timeIn } from "./preset.ts";

/** A conversation as an export has it. */
interface Talk {
  id: string;
  title: string | null;
  /** Of some the time is not known. */
  messages: (Omit<ChatMessage, "at"> & { at: string | null })[];
}

function assistantReader(talkOf: (item: Item, timeZone: string) => Talk): FormatReader {
  return async function* (file, options, signal) {
    for await (const { value, where, text } of readJsonItems(file, [], options, signal)) {
      if (where === null) {
        yield value;
        continue;
      }
      const talk = talkOf(itemIn(value), options.timeZone);
      if (talk.id === "")
        yield malformedItem(where, { problems: ["it is no conversation: it has no id"], text });
      else yield* daysOf(talk, options.timeZone, where, text);
    }
  };
}

function* daysOf(
  { id, title, messages }: Talk,
  timeZone: string,
  where: ItemPlace,
  text: string,
): Generator<ReadItem> {
  const dated = messages.flatMap(({ at, ...message }) => (at === null ? [] : { ...message, at }));
  for (const day of chatDays({ id, title, timeZone }, dated)) yield { ...day, where };
  if (dated.length === messages.length) return;
  const undated = plural(messages.length - dated.length, "message");
  yield malformedItem(where, { problems: [`${undated} of it: no time that can be read`], text });
}

/** ChatGPT's `conversations.json`. Branches that were given up are left out, as are instructions and tools. */
export const readChatGpt = assistantReader((item) => {
  const nodes = itemIn(item.mapping);
  const begin = secondsIn(item.create_time);
  const path: Item[] = [];
  const seen = new Set<string>();
  for (
    let at = textIn(item.current_node);
    at !== "" && !seen.has(at);
    at = textIn(itemIn(nodes[at]).parent)
  ) {
    seen.add(at);
    path.unshift(itemIn(itemIn(nodes[at]).message));
  }
  let at = begin;
  const messages = path.flatMap((message) => {
    at = secondsIn(message.create_time) ?? at;
    const role = textIn(itemIn(message.author).role);
    const parts = listIn(itemIn(message.content).parts)
      .map((part) => textIn(part) || textIn(itemIn(part).text))
      .filter((part) => part.trim() !== "");
    const speaker = role === "user" ? "Me" : role === "assistant" ? "ChatGPT" : null;
    return speaker === null || parts.length === 0 ? [] : [{ at, speaker, text: parts.join("\n") }];
  });
  return { id: idIn(item.conversation_id) || idIn(item.id), title: textIn(item.title) || null, messages };
});

/** Claude's `conversations.json`. */
export const readClaude = assistantReader((item, timeZone) => {
  const begin = timeIn(item.created_at, timeZone);
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
  return { id: idIn(item.uuid), title: textIn(item.name) || null, messages };
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
