import { readJsonText } from "../../../kernel/util/decode/json.ts";
import { placeOf } from "../../coordinates.ts";
import { dividedAt, hasMember } from "../divided-file.ts";
import { headOf } from "../guess-format.ts";
import type { InputFile } from "../input-file.ts";
import { type FormatReader, readJsonItems } from "../plain-readers.ts";
import type { ItemPlace, ReadItem } from "../read-item.ts";
import { brokenChat, ChatDays, chatDays } from "./chat-days.ts";
import type { ChatMessage, Conversation } from "./chat-message.ts";
import { type Item, idIn, itemIn, listIn, secondsIn, textIn, timeIn } from "./preset.ts";

/** Telegram Desktop's `result.json`: of one chat, whose messages are read one by one, or of all, each read as a whole. */
export const readTelegram: FormatReader = async function* (file, options, signal) {
  const chat = await singleChat(file, options.encoding, signal);
  yield* chat === null ? readChats(file, options, signal) : readChat(chat, file, options, signal);
};

async function* readChat(
  chat: Omit<Conversation, "timeZone">,
  ...[file, options, signal]: Parameters<FormatReader>
): AsyncGenerator<ReadItem> {
  const days = new ChatDays({ ...chat, timeZone: options.timeZone });
  for await (const { value, where, text } of readJsonItems(file, ["messages"], options, signal)) {
    if (where === null) {
      yield value;
      continue;
    }
    const message = messageOf(itemIn(value), options.timeZone);
    if (typeof message === "string") yield brokenChat(chat.id, where, [message], text);
    else if (message !== null) yield* days.take(message);
  }
  yield* days.end();
}

/** The chats of an export, and those behind them that somebody has left; either may be all that was exported. */
const readChats: FormatReader = async function* (file, options, signal) {
  const divided = await dividedAt("left_chats", file, options.encoding, signal);
  if (divided === null) {
    yield* readChatsAt(["chats", "list"], file, options, signal);
    return;
  }
  const { before, from } = divided;
  const inUtf8 = { ...options, encoding: null };
  if (await hasMember("chats", before, signal)) yield* readChatsAt(["chats", "list"], before, inUtf8, signal);
  yield* readChatsAt(["left_chats", "list"], from, inUtf8, signal);
};

async function* readChatsAt(
  path: readonly string[],
  ...[file, options, signal]: Parameters<FormatReader>
): AsyncGenerator<ReadItem> {
  const { timeZone } = options;
  for await (const { value, where, text } of readJsonItems(file, path, options, signal)) {
    if (where === null) {
      yield value;
      continue;
    }
    const item = itemIn(value);
    const id = idIn(item.id);
    if (id === "") yield brokenChat(undefined, where, ["it is no chat: it has no id"], text);
    else if (!Array.isArray(item.messages))
      yield brokenChat(
        id,
        where,
        [`the chat ${JSON.stringify(textIn(item.name) || id)} has no \`messages\``],
        text,
      );
    else
      yield* readWholeChat({ id, title: textIn(item.name) || null, timeZone, isJoined: true }, item, where);
  }
}

function* readWholeChat(chat: Conversation, item: Item, where: ItemPlace): Generator<ReadItem> {
  const messages: ChatMessage[] = [];
  for (const [at, each] of listIn(item.messages).entries()) {
    const message = messageOf(itemIn(each), chat.timeZone);
    if (typeof message === "string")
      yield brokenMessage(chat, where, { number: at + 1, problem: message, message: each });
    else if (message !== null) messages.push(message);
  }
  for (const day of chatDays(chat, messages)) yield { ...day, where };
}

/** `number` counts the messages of the chat from 1. */
function brokenMessage(
  { id }: Conversation,
  where: ItemPlace,
  { number, problem, message }: { number: number; problem: string; message: unknown },
): ReadItem {
  return brokenChat(id, where, [`message ${number}: ${problem}`], JSON.stringify(message));
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
  if (message.type === "service") return null;
  const at = secondsIn(message.date_unixtime) ?? timeIn(message.date, timeZone);
  // What Telegram's program itself does not know it exports without a date, at times.
  if (message.type === "unsupported" && at === null) return null;
  if (message.type !== "message" && message.type !== "unsupported")
    return "it is no message: its `type` is none that is known";
  if (at === null) return "it has no date that can be read";
  const said = textOf(message.text ?? message.text_entities);
  if (said === null) return "its text has a form that is not known";
  const { latitude, longitude } = itemIn(message.location_information);
  const location = placeOf(latitude, longitude);
  const files = [message.file, message.photo]
    .map(textIn)
    .filter((name) => name !== "" && !name.startsWith("("));
  const text = said || standIn(message, location !== null);
  const updatedAt = secondsIn(message.edited_unixtime);
  const speaker = speakerOf(message);
  const key = idIn(message.id) || JSON.stringify([at, speaker, text]);
  return { key, at, speaker, text, location, files, updatedAt };
}

/** What is forwarded are the words of somebody else. */
function speakerOf({ from, forwarded_from: origin }: Item): string {
  const speaker = textIn(from) || (from === undefined ? "Somebody" : "Deleted account");
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

/** In brackets, what a message without words is, and what it says. */
function standIn(message: Item, hasPlace: boolean): string {
  const kind = textIn(message.media_type).replaceAll("_", " ");
  if (textIn(message.sticker_emoji) !== "") return textIn(message.sticker_emoji);
  if (message.poll !== undefined) return pollOf(itemIn(message.poll));
  if (message.todo_list !== undefined) return todoOf(itemIn(message.todo_list));
  if (message.contact_information !== undefined) return contactOf(itemIn(message.contact_information));
  if (textIn(message.game_title) !== "")
    return bracket("game", [message.game_title, message.game_description]);
  if (message.giveaway_information !== undefined) return "(giveaway)";
  if (message.giveaway_results !== undefined) return "(results of a giveaway)";
  const { title, description } = itemIn(message.invoice_information);
  if (message.invoice_information !== undefined) return bracket("invoice", [title, description]);
  const place = [message.place_name, message.address];
  if (hasPlace || place.some((part) => textIn(part) !== "")) return bracket("location", place);
  if (kind !== "") return bracket(kind, [message.performer, message.title]);
  if (message.photo !== undefined) return "(photo)";
  return message.file === undefined ? "(some media)" : bracket("file", [message.file_name]);
}

/** `(contact: Ada, +49…)`; the kind alone where nothing more is said. */
function bracket(kind: string, said: readonly unknown[]): string {
  const words = said.map((part) => textIn(part).trim()).filter(Boolean);
  return words.length === 0 ? `(${kind})` : `(${kind}: ${words.join(", ")})`;
}

function contactOf({ first_name: first, last_name: last, phone_number: phone }: Item): string {
  return bracket("contact", [[first, last].map(textIn).filter(Boolean).join(" "), phone]);
}

function todoOf(list: Item): string {
  const things = [list.answers, list.items, list.tasks].flatMap(listIn);
  const lines = things.map((thing) => `- ${textOf(itemIn(thing).text) ?? ""}`);
  return [`(to-do list) ${textOf(list.title) ?? ""}`.trim(), ...lines].join("\n");
}
