import { readJsonText } from "../../../kernel/util/decode/json.ts";
import { placeOf } from "../../coordinates.ts";
import { headOf } from "../guess-format.ts";
import type { InputFile } from "../input-file.ts";
import { type FormatReader, readJsonItems } from "../plain-readers.ts";
import { type ItemPlace, malformedItem, type ReadItem } from "../read-item.ts";
import { ChatDays, type ChatMessage, chatDays } from "./chat-days.ts";
import { type Item, idIn, itemIn, listIn, secondsIn, textIn, timeIn } from "./preset.ts";

type Chat = ConstructorParameters<typeof ChatDays>[0];

/** Telegram Desktop's `result.json`: of one chat, whose messages are read one by one, or of all, each read as a whole. */
export const readTelegram: FormatReader = async function* (file, options, signal) {
  const chat = await singleChat(file, options.encoding, signal);
  yield* chat === null ? readChats(file, options, signal) : readChat(chat, file, options, signal);
};

async function* readChat(
  chat: Omit<Chat, "timeZone">,
  ...[file, options, signal]: Parameters<FormatReader>
): AsyncGenerator<ReadItem> {
  const days = new ChatDays({ ...chat, timeZone: options.timeZone });
  for await (const { value, where, text } of readJsonItems(file, ["messages"], options, signal)) {
    if (where === null) {
      yield value;
      continue;
    }
    const message = messageOf(itemIn(value), options.timeZone);
    if (typeof message === "string") yield malformedItem(where, { problems: [message], text });
    else if (message !== null) yield* days.take(message);
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
    if (id === "") yield malformedItem(where, { problems: ["it is no chat: it has no id"], text });
    else
      yield* readWholeChat({ id, title: textIn(item.name) || null, timeZone, isJoined: true }, item, where);
  }
};

function* readWholeChat(chat: Chat, item: Item, where: ItemPlace): Generator<ReadItem> {
  const messages: ChatMessage[] = [];
  for (const [at, each] of listIn(item.messages).entries()) {
    const message = messageOf(itemIn(each), chat.timeZone);
    if (typeof message === "string") yield brokenMessage(where, at + 1, message, each);
    else if (message !== null) messages.push(message);
  }
  for (const day of chatDays(chat, messages)) yield { ...day, where };
}

/** `number` counts the messages of the chat from 1. */
function brokenMessage(where: ItemPlace, number: number, problem: string, message: unknown): ReadItem {
  return malformedItem(where, { problems: [`message ${number}: ${problem}`], text: JSON.stringify(message) });
}

/** What stands before the messages of an export of one chat; null for one of all chats. */
async function singleChat(file: InputFile, encoding: string | null, signal: AbortSignal) {
  const head = (await headOf(file, encoding, signal)).toString();
  const at = head.search(/"messages"\s*:\s*\[/u);
  const reading = readJsonText(`${head.slice(0, Math.max(0, at))}"messages":[]}`);
  if (at < 0 || !reading.ok) return null;
  const { id, name } = itemIn(reading.value);
  return { id: idIn(id) || "chat", title: textIn(name) || null, isJoined: idIn(id) !== "" };
}

/** Null for what tells of the chat itself, such as that somebody came; a text says why it cannot be read. */
function messageOf(message: Item, timeZone: string): ChatMessage | string | null {
  if (message.type === "service" || message.type === "unsupported") return null;
  const at = secondsIn(message.date_unixtime) ?? timeIn(message.date, timeZone);
  if (message.type !== "message") return "it is no message: its `type` is none that is known";
  if (at === null) return "it has no date that can be read";
  const said = textOf(message.text ?? message.text_entities);
  if (said === null) return "its text has a form that is not known";
  const { latitude, longitude } = itemIn(message.location_information);
  const location = placeOf(latitude, longitude);
  const files = [message.file, message.photo]
    .map(textIn)
    .filter((name) => name !== "" && !name.startsWith("("));
  const text = said || standIn(message, location !== null);
  if (text === "") return null;
  const updatedAt = secondsIn(message.edited_unixtime);
  const speaker = speakerOf(message);
  const key = idIn(message.id) || JSON.stringify([at, speaker, text]);
  return { key, at, speaker, text, location, files, updatedAt };
}

/** What is forwarded are the words of somebody else. */
function speakerOf({ from, forwarded_from: origin }: Item): string {
  const speaker = textIn(from) || "Deleted account";
  if (origin === undefined || origin === from) return speaker;
  return `${speaker} (forwarded from ${textIn(origin) || "a deleted account"})`;
}

/** A text, or a list of texts and of marked parts; empty where there is none, null for any other form. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return value === undefined || value === null ? "" : null;
  const parts = value.map((part: unknown) => (typeof part === "string" ? part : itemIn(part).text));
  return parts.every((part) => typeof part === "string") ? parts.join("") : null;
}

function pollOf({ question, answers }: Item): string {
  const choices = listIn(answers).map((answer) => `- ${textOf(itemIn(answer).text) ?? ""}`);
  return [`(poll) ${textOf(question) ?? ""}`, ...choices].join("\n");
}

function standIn(message: Item, hasPlace: boolean): string {
  const kind = textIn(message.media_type).replaceAll("_", " ");
  if (textIn(message.sticker_emoji) !== "") return textIn(message.sticker_emoji);
  if (kind !== "") return `(${kind})`;
  if (message.photo !== undefined) return "(photo)";
  if (message.poll !== undefined) return pollOf(itemIn(message.poll));
  return hasPlace ? "(location)" : message.file === undefined ? "" : "(file)";
}
