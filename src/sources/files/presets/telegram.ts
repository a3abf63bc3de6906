import { readJsonText } from "../../../kernel/util/decode/json.ts";
import { placeOf } from "../../coordinates.ts";
import { headOf } from "../guess-format.ts";
import type { InputFile } from "../input-file.ts";
import { type FormatReader, readJsonItems } from "../plain-readers.ts";
import { malformedItem, type ReadItem } from "../read-item.ts";
import { ChatDays, type ChatMessage, chatDays } from "./chat-days.ts";
import { type Item, idIn, itemIn, listIn, secondsIn, textIn, timeIn } from "./preset.ts";

/** Telegram Desktop's `result.json`: of one chat, whose messages are read one by one, or of all, each read as a whole. */
export const readTelegram: FormatReader = async function* (file, options, signal) {
  const chat = await singleChat(file, options.encoding, signal);
  yield* chat === null ? readChats(file, options, signal) : readChat(chat, file, options, signal);
};

async function* readChat(
  chat: { id: string; title: string | null },
  ...[file, options, signal]: Parameters<FormatReader>
): AsyncGenerator<ReadItem> {
  const days = new ChatDays({ ...chat, timeZone: options.timeZone });
  for await (const { value, where } of readJsonItems(file, ["messages"], options, signal)) {
    if (where === null) yield value;
    else for (const message of messageOf(itemIn(value), options.timeZone)) yield* days.take(message);
  }
  yield* days.end();
}

const readChats: FormatReader = async function* (file, options, signal) {
  const { timeZone } = options;
  for await (const { value, where, text } of readJsonItems(file, ["chats", "list"], options, signal)) {
    if (where === null) {
      yield value;
      continue;
    }
    const item = itemIn(value);
    const id = idIn(item.id);
    const messages = listIn(item.messages).flatMap((message) => messageOf(itemIn(message), timeZone));
    if (id === "") yield malformedItem(where, { problems: ["it is no chat: it has no id"], text });
    else
      for (const day of chatDays({ id, title: textIn(item.name) || null, timeZone }, messages))
        yield { ...day, where };
  }
};

/** What stands before the messages of an export of one chat; null for one of all chats. */
async function singleChat(file: InputFile, encoding: string | null, signal: AbortSignal) {
  const head = (await headOf(file, encoding, signal)).toString();
  const at = head.search(/"messages"\s*:\s*\[/u);
  const reading = readJsonText(`${head.slice(0, Math.max(0, at))}"messages":[]}`);
  if (at < 0 || !reading.ok) return null;
  const { id, name } = itemIn(reading.value);
  return { id: idIn(id) || "chat", title: textIn(name) || null };
}

/** None for what tells of the chat itself, such as that somebody came. */
function messageOf(message: Item, timeZone: string): ChatMessage[] {
  const at = secondsIn(message.date_unixtime) ?? timeIn(message.date, timeZone);
  if (message.type !== "message" || at === null) return [];
  const { latitude, longitude } = itemIn(message.location_information);
  const location = placeOf(latitude, longitude);
  const files = [message.file, message.photo]
    .map(textIn)
    .filter((name) => name !== "" && !name.startsWith("("));
  const text = textOf(message.text) || standIn(message, location !== null);
  if (text === "") return [];
  const updatedAt = secondsIn(message.edited_unixtime);
  return [{ at, speaker: textIn(message.from) || "Deleted account", text, location, files, updatedAt }];
}

/** A text, or a list of texts and of marked parts. */
function textOf(value: unknown): string {
  return Array.isArray(value)
    ? value.map((part) => textIn(part) || textIn(itemIn(part).text)).join("")
    : textIn(value);
}

function standIn(message: Item, hasPlace: boolean): string {
  const kind = textIn(message.media_type).replaceAll("_", " ");
  if (textIn(message.sticker_emoji) !== "") return textIn(message.sticker_emoji);
  if (kind !== "") return `(${kind})`;
  if (message.photo !== undefined) return "(photo)";
  return hasPlace ? "(location)" : message.file === undefined ? "" : "(file)";
}
