import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import type { Memory } from "../../../domain/memory.ts";
import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { decodeUtf8 } from "../../../kernel/util/decode/utf8.ts";
import { placeIn } from "../../coordinates.ts";
import { attachmentKind } from "../../files-of-a-folder/file-kinds.ts";
import { tooLarge } from "../../listed-item.ts";
import { type InputFile, utf8Of } from "../input-file.ts";
import type { FormatReader } from "../plain-readers.ts";
import { malformedItem, type ReadItem, type Twin } from "../read-item.ts";
import { type Line, readLines } from "../read-lines.ts";
import type { FilesOptions } from "../settings.ts";
import { ChatDates, type DatesOfChat, type UnreadDates } from "./chat-dates.ts";
import { ChatDays } from "./chat-days.ts";
import type { ChatMessage } from "./chat-message.ts";
import { type DateOrder, directions, stampedLines, stampOf, timeOfStamp } from "./chat-stamp.ts";

/** The beginnings of a message: on an iPhone in brackets, on Android with a dash behind it, in any language. */
const beginnings: readonly Form[] = [
  ...stampedLines(String.raw`\[`, String.raw`\]\s`).map((line) => ({ line, isIphone: true })),
  ...stampedLines("", String.raw`\s[-–—]\s`).map((line) => ({ line, isIphone: false })),
];

/** By the form of the chat: what is pasted in the form of the other program is text. */
interface Form {
  line: RegExp;
  isIphone: boolean;
}

/** Null for a line that begins no message. */
const formOf = (line: string): Form | null => beginnings.find((each) => each.line.test(line)) ?? null;

/** The text of a message may begin with this mark: then the program says it, not the person. */
const mark = "\u200e";

/** What stands in the place of a message that its sender has taken back. */
const takenBack = new RegExp(
  `^(?:${[
    "this message was deleted|you deleted this message|null",
    "diese nachricht wurde gelöscht|du hast diese nachricht gelöscht",
    "se eliminó este mensaje|eliminaste este mensaje",
    "ce message a été supprimé|vous avez supprimé ce message",
    "questo messaggio è stato eliminato|hai eliminato questo messaggio",
    "mensagem apagada|essa mensagem foi apagada|apagou esta mensagem",
    "dit bericht is verwijderd|u hebt dit bericht verwijderd",
    "삭제된 메시지입니다|이 메시지는 삭제되었습니다|이 메시지를 삭제했습니다",
    "此消息已删除|此消息已被删除|你已删除此消息|您删除了此消息|此訊息已刪除|你已刪除此訊息",
    "このメッセージは削除されました|メッセージを削除しました",
    "تم حذف هذه الرسالة|حذفت هذه الرسالة|لقد حذفت هذه الرسالة",
    "این پیام حذف شد|این پیام حذف شده است|شما این پیام را حذف کردید",
    "αυτό το μήνυμα διαγράφηκε|διαγράψατε αυτό το μήνυμα",
    "ez az üzenet törölve lett|ezt az üzenetet törölték|törölted ezt az üzenetet",
    "tämä viesti poistettiin|poistit tämän viestin",
    "ข้อความนี้ถูกลบแล้ว|ข้อความนี้ถูกลบไปแล้ว|คุณลบข้อความนี้แล้ว",
    "bu mesaj silindi|bu mesajı sildiniz",
    "ta wiadomość została usunięta|usunięto tę wiadomość|usunąłeś tę wiadomość",
    "הודעה זו נמחקה|מחקת הודעה זו",
    "यह मैसेज डिलीट किया गया|यह संदेश हटा दिया गया था|आपने यह मैसेज डिलीट किया",
    "данное сообщение удалено|вы удалили данное сообщение",
    "pesan ini telah dihapus|anda menghapus pesan ini",
  ].join("|")})[.。]?$`,
  "iu",
);

/** What stands in the place of a file that was not exported; on an iPhone, and by the program. */
const leftOut =
  /(?:omitted|weggelassen|ausgelassen|omitid[oa]|omis|omess[oa]|weggelaten|생략됨|생략|已忽略|已省略|省略|は含まれていません|παραλείφθηκε|kihagyva|jätetty pois|pominięto|dahil edilmedi|हटाया गया)$|^(?:已忽略|忽略|省略|تم استبعاد|حذف|הושמט|ไม่รวม|pominięto|jätetty pois)/iu;

/** Whether a line is the beginning of a message as WhatsApp exports it. */
export const isWhatsAppLine = (line: string) => formOf(line) !== null;

/** WhatsApp's export of one chat, of an iPhone or of Android. It shows the last part of long chats only. */
export const readWhatsApp: FormatReader = async function* (file, options, signal) {
  const { form, dates } = await lookAtChat(file, options, signal);
  if (form === null) throw refused(file, noChat);
  if ("problem" in dates && options.dateOrder === null) throw refused(file, dates);
  const { order, doubt } =
    options.dateOrder === null && "order" in dates
      ? dates
      : { order: options.dateOrder ?? "day_first", doubt: null };
  const title = options.chat ?? chatName(file);
  const days = new ChatDays({ id: title, title, timeZone: options.timeZone });
  // Under a name that is given, all are one chat.
  const apart = (day: DayItem): DayItem =>
    options.chat === null ? { ...day, twin: twinOf(day.memory, file) } : day;
  const doubted = doubtOnce(doubt === null ? null : `${file.name}: ${doubt}`);
  const lines = readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes);
  const { timeZone, maxItemBytes } = options;
  for await (const item of gathered(lines, { form, order, timeZone, maxItemBytes })) {
    const { line, ...read } = item;
    if (read.kind === "begun")
      for (const message of messageOf(read)) yield* doubted(days.take(message)).map(apart);
    else {
      const where = { file: file.name, position: line.number, unit: "line" } as const;
      yield malformedItem(where, { ...read, text: line.bytes.toString() });
    }
  }
  yield* doubted(days.end()).map(apart);
};

type Gathered = Exclude<ReadLine, { kind: "more" }> & { line: Line };

/** Messages with all their lines, and lines that are broken. */
async function* gathered(lines: AsyncIterable<Line>, way: Way): AsyncGenerator<Gathered> {
  let open: Gathered | null = null;
  let size = 0;
  for await (const line of lines) {
    const read = readLine(line, way, open?.kind === "begun" ? open.at : null);
    if (read.kind !== "more") {
      if (open !== null) yield open;
      open = { ...read, line };
      size = line.size;
    } else if (open?.kind === "begun") {
      size += line.size;
      if (size > way.maxItemBytes) open = { ...broken(tooLarge(size, way.maxItemBytes)), line: open.line };
      else open.lines.push(read.text);
    }
  }
  if (open !== null) yield open;
}

type ReadLine =
  | ({ kind: "begun" } & Begun)
  | { kind: "more"; text: string }
  | {
      kind: "broken";
      code: "MEMORY_UNDECODABLE" | "MEMORY_MALFORMED" | "MEMORY_TOO_LARGE";
      problems: string[];
    };

const broken = ({ code, problem }: ReturnType<typeof tooLarge>) => ({
  kind: "broken" as const,
  code,
  problems: [problem],
});

/** `before` is the time of the message before, null where there is none. */
function readLine({ bytes, flaw }: Line, way: Way, before: string | null): ReadLine {
  const { form, order, timeZone } = way;
  if (flaw !== null) return broken(flaw);
  const text = decodeUtf8(bytes);
  const undecodable = ["it holds bytes that are no text in this encoding"];
  if (text === null) return { kind: "broken", code: "MEMORY_UNDECODABLE", problems: undecodable };
  const groups = form?.line.exec(text)?.groups;
  if (groups === undefined || form === null) return { kind: "more", text };
  const at = timeOfStamp(stampOf(groups), order, timeZone);
  const said = groups.rest ?? "";
  const isByProgram =
    text
      .slice(0, text.length - said.length)
      .trimStart()
      .startsWith(mark) || said.includes(mark);
  if (before !== null && !isByProgram && isQuoted(said, form, at, before)) return { kind: "more", text };
  if (at !== null) return { kind: "begun", at, lines: [said] };
  return {
    kind: "broken",
    code: "MEMORY_MALFORMED",
    problems: ["its day or time is none in this order of dates"],
  };
}

/**
 * Whether a line without a sender is one that somebody has pasted into a message. What the program says has a sender or a mark on an iPhone; on Android it has
 * neither, but never a time before that of the message before.
 */
function isQuoted(said: string, { isIphone }: Form, at: string | null, before: string): boolean {
  return !said.includes(": ") && (isIphone || at === null || at < before);
}

/** How the lines of a chat are read. */
interface Way {
  form: Form | null;
  order: DateOrder;
  timeZone: string;
  maxItemBytes: number;
}

interface Begun {
  at: string;
  lines: string[];
}

/** So long a text nobody writes twice on one day to different people. */
const ownLength = 20;

/**
 * Two people may have one name, and a chat may be exported twice: a day of one chat has a message in common with the same day of its other export, also where that was
 * made by other clocks.
 */
function twinOf({ createdAt, segments = [] }: Memory, { location }: InputFile): Twin {
  const begin = Date.parse(createdAt);
  const parts = segments.flatMap(({ speaker, startMs, text }) => {
    const said = [speaker, text];
    return [[begin + (startMs ?? 0), ...said], ...(text.length < ownLength ? [] : [said])];
  });
  const place = dirname(location);
  const name = basename(location) === "_chat.txt" ? dirname(place) : place;
  return { folder: "", name, parts: parts.map(digestOf) };
}

const digestOf = (part: unknown) =>
  createHash("sha1").update(JSON.stringify(part)).digest("base64").slice(0, 12);

function chatName({ name, location }: InputFile): string {
  const stem = basename(name).replace(/\.txt$/iu, "");
  return chatOf(stem === "_chat" ? basename(dirname(location)).replace(/\.zip$/iu, "") : stem);
}

/** The name of a chat in the name of its export. */
function chatOf(stem: string): string {
  const own = stem.replace(/^WhatsApp[ -]*Chat (?:- |with |mit |con |avec |met |com |di )?/iu, "");
  return own.normalize("NFC") || stem;
}

/** The name of the chat in an export of WhatsApp that a browser has saved beside another one; null for any other path. */
export function chatOfCopy(path: string): string | null {
  const copied = /^(.+?) ?\(\d{1,3}\)\.(?:txt|zip)$/iu.exec(basename(path))?.[1];
  return copied === undefined ? null : chatOf(copied);
}

/** The form of a chat, as its first message has it, and what its dates show. */
async function lookAtChat(
  file: InputFile,
  options: FilesOptions,
  signal: AbortSignal,
): Promise<{ form: Form | null; dates: DatesOfChat }> {
  let form: Form | null = null;
  const dates = new ChatDates();
  for await (const { bytes } of readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes)) {
    const line = bytes.toString();
    form ??= formOf(line);
    const groups = form?.line.exec(line)?.groups;
    if (groups !== undefined) dates.note(stampOf(groups));
  }
  return { form, dates: dates.result };
}

const noChat: UnreadDates = {
  problem: "it is no chat of WhatsApp: no line of it begins with a date and a time",
  help: "name the exports of chats alone in the connector's source.path",
};

function refused({ location }: InputFile, { problem, help }: UnreadDates): ConnectorError {
  const message = `${location}: ${problem}`;
  const helps = typeof help === "string" ? { hint: help } : { advice: help };
  return new ConnectorError("SOURCE_BAD_ANSWER", message, { subject: location, ...helps });
}

type DayItem = ReadItem & { kind: "memory" };

/** Tells a doubt about a whole chat with its first day. */
function doubtOnce(doubt: string | null): (days: Iterable<DayItem>) => Generator<DayItem> {
  let doubts = doubt === null ? [] : [doubt];
  return function* (days) {
    for (const day of days) {
      yield doubts.length === 0 ? day : { ...day, doubts };
      doubts = [];
    }
  };
}

/** All marks of direction but the one with a meaning of its own. */
const bidi = new RegExp(`(?!${mark})[${directions}]`, "gu");

/** None for what the program says, and for what was taken back. */
function messageOf({ at, lines }: Begun): ChatMessage[] {
  const said = lines.join("\n").replaceAll(bidi, "");
  const colon = said.indexOf(": ");
  if (colon < 0) return [];
  const speaker = said.slice(0, colon).replaceAll(mark, "").replace(/^~\s*/u, "").trim();
  const whole = said.slice(colon + 2).trim();
  const byProgram = whole.startsWith(mark);
  const text = whole
    .replace(/\s*\u200e<[^<>]*>$/u, (found) => (byProgram ? found : ""))
    .replaceAll(mark, "")
    .trim();
  const file = fileIn(text);
  if (file !== null)
    return [
      { at, speaker, text: file.caption || `(${attachmentKind(file.name) ?? "file"})`, files: [file.name] },
    ];
  const isLeftOut = /^<[^<>\n]+>$/u.test(text) || (byProgram && leftOut.test(text));
  if (isLeftOut) return [{ at, speaker, text: "(media left out)" }];
  if (byProgram || text === "" || takenBack.test(text)) return [];
  const place = /https?:\/\/maps\.google\.com\/\S*[?&]q=([-\d.,]+)/u.exec(text)?.[1];
  return [{ at, speaker, text, location: place === undefined ? null : placeIn(place) }];
}

/** `<attached: NAME>` of an iPhone, `NAME (file attached)` of Android, in any language; a caption stands on the lines behind it. */
function fileIn(text: string): { name: string; caption: string } | null {
  const [first = "", ...caption] = text.split("\n");
  const name =
    /^<\p{L}[^:：<>]*[:：]\s*([^<>]+)>$/u.exec(first)?.[1] ??
    /^(\S.*\.[A-Za-z0-9]{2,5}) ?[(（][^()（）]+[)）]$/u.exec(first)?.[1];
  return name === undefined || /[/\\]/u.test(name) ? null : { name, caption: caption.join("\n").trim() };
}
