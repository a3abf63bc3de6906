import type { FormatReader } from "../plain-readers.ts";
import { readJsonItems } from "../plain-readers.ts";
import { malformedItem } from "../read-item.ts";
import { type ChatMessage, chatDays } from "./chat-days.ts";
import { type Item, idIn, itemIn, listIn, secondsIn, textIn, timeIn } from "./preset.ts";

/** A conversation as an export has it. */
interface Talk {
  id: string;
  title: string | null;
  messages: ChatMessage[];
}

function assistantReader(talkOf: (item: Item, timeZone: string) => Talk): FormatReader {
  return async function* (file, options, signal) {
    for await (const { value, where, text } of readJsonItems(file, [], options, signal)) {
      if (where === null) {
        yield value;
        continue;
      }
      const { id, title, messages } = talkOf(itemIn(value), options.timeZone);
      if (id === "") yield malformedItem(where, { problems: ["it is no conversation: it has no id"], text });
      else
        for (const day of chatDays({ id, title, timeZone: options.timeZone }, messages))
          yield { ...day, where };
    }
  };
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
      .map(textIn)
      .filter((part) => part.trim() !== "");
    const speaker = role === "user" ? "Me" : role === "assistant" ? "ChatGPT" : null;
    return speaker === null || parts.length === 0 || at === null
      ? []
      : [{ at, speaker, text: parts.join("\n") }];
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
      const text = said || textIn(message.text);
      const speaker = message.sender === "human" ? "Me" : "Claude";
      return at === null || text.trim() === "" ? [] : [{ at, speaker, text }];
    });
  return { id: idIn(item.uuid), title: textIn(item.name) || null, messages };
});
