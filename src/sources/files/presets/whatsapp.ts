import { basename, dirname } from "node:path";
import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { decodeUtf8 } from "../../../kernel/util/decode/utf8.ts";
import { placeIn } from "../../coordinates.ts";
import { attachmentKind } from "../../files-of-a-folder/file-kinds.ts";
import { parseTimestamp } from "../../timestamp.ts";
import { type InputFile, utf8Of } from "../input-file.ts";
import type { FormatReader } from "../plain-readers.ts";
import { malformedItem } from "../read-item.ts";
import { type Line, readLines } from "../read-lines.ts";
import type { FilesOptions } from "../settings.ts";
import { ChatDays, type ChatMessage } from "./chat-days.ts";

const date = String.raw`(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?`;
const time = String.raw`(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*([ap])\.?\s?m\.?)?`;
/** The beginnings of a message: on an iPhone in brackets, on Android with a dash behind it, in any language. */
const beginnings = [String.raw`\[${date},?\s+${time}\]\s`, String.raw`${date},?\s+${time}\s+[-–]\s`].map(
  (begin) => new RegExp(`^[\\u200e\\u200f]*${begin}(.*)$`, "isu"),
);

/** By the form of the chat: what is pasted in the form of the other program is text. Null for a chat without a message. */
type Form = RegExp | null;

const formOf = (line: string): Form => beginnings.find((each) => each.test(line)) ?? null;

/** The text of a message may begin with this mark: then the program says it, not the person. */
const mark = "\u200e";

/** What stands in the place of a message that its sender has taken back. */
const takenBack =
  /^(?:this message was deleted|you deleted this message|diese nachricht wurde gelöscht|du hast diese nachricht gelöscht|se eliminó este mensaje|eliminaste este mensaje|ce message a été supprimé|vous avez supprimé ce message|questo messaggio è stato eliminato|mensagem apagada|essa mensagem foi apagada|dit bericht is verwijderd|null)\.?$/iu;

type Order = "day_first" | "month_first" | "year_first";

/** Whether a line is the beginning of a message as WhatsApp exports it. */
export const isWhatsAppLine = (line: string) => formOf(line) !== null;

/** WhatsApp's export of one chat, of an iPhone or of Android. It shows the last part of long chats only. */
export const readWhatsApp: FormatReader = async function* (file, options, signal) {
  const form = await chatForm(file, options, signal);
  const order = options.dateOrder ?? (await orderOf(form, file, options, signal));
  const title = chatName(file);
  const days = new ChatDays({ id: title, title, timeZone: options.timeZone });
  const lines = readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes);
  for await (const item of gathered(lines, { form, order, timeZone: options.timeZone })) {
    const { line, ...read } = item;
    if (read.kind === "begun") for (const message of messageOf(read)) yield* days.take(message);
    else {
      const where = { file: file.name, position: line.number, unit: "line" } as const;
      yield malformedItem(where, { ...read, text: line.bytes.toString() });
    }
  }
  yield* days.end();
};

type Gathered = Exclude<ReadLine, { kind: "more" }> & { line: Line };

/** Messages with all their lines, and lines that are broken. */
async function* gathered(lines: AsyncIterable<Line>, way: Way): AsyncGenerator<Gathered> {
  let open: Gathered | null = null;
  for await (const line of lines) {
    const read = readLine(line, way, open?.kind === "begun" ? open.at : null);
    if (read.kind !== "more") {
      if (open !== null) yield open;
      open = { ...read, line };
    } else if (open?.kind === "begun") open.lines.push(read.text);
  }
  if (open !== null) yield open;
}

type ReadLine =
  | ({ kind: "begun" } & Begun)
  | { kind: "more"; text: string }
  | { kind: "broken"; code: "MEMORY_UNDECODABLE" | "MEMORY_MALFORMED"; problems: string[] };

/** `before` is the time of the message before, null where there is none. */
function readLine({ bytes }: Line, { form, order, timeZone }: Way, before: string | null): ReadLine {
  const text = decodeUtf8(bytes);
  const undecodable = ["it holds bytes that are no text in this encoding"];
  if (text === null) return { kind: "broken", code: "MEMORY_UNDECODABLE", problems: undecodable };
  const match = form?.exec(text) ?? null;
  if (match === null) return { kind: "more", text };
  const at = timeOf(match, order, timeZone);
  if (before !== null && isQuoted(match, at, before)) return { kind: "more", text };
  if (at !== null) return { kind: "begun", at, lines: [match.at(-1) ?? ""] };
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
function isQuoted(match: RegExpExecArray, at: string | null, before: string): boolean {
  const said = match.at(-1) ?? "";
  if (said.includes(": ") || match[0].includes(mark)) return false;
  return /^\u200f*\[/u.test(match[0]) || at === null || at < before;
}

/** How the lines of a chat are read. */
interface Way {
  form: Form;
  order: Order;
  timeZone: string;
}

interface Begun {
  at: string;
  lines: string[];
}

function chatName({ name, location }: InputFile): string {
  const stem = basename(name).replace(/\.txt$/iu, "");
  const own = stem === "_chat" ? basename(dirname(location)).replace(/\.zip$/iu, "") : stem;
  return (
    own.replace(/^WhatsApp[ -]*Chat (?:- |with |mit |con |avec |met |com |di )?/iu, "").normalize("NFC") ||
    own
  );
}

interface Parts {
  numbers: [number, number, number];
  divider: string;
  isYearFirst: boolean;
  time: (string | undefined)[];
}

function partsOf(match: RegExpExecArray): Parts {
  const [, first = "", divider = "", second = "", third = ""] = match;
  return {
    numbers: [Number(first), Number(second), Number(third)],
    divider,
    isYearFirst: first.length === 4,
    time: match.slice(5, 9),
  };
}

function timeOf(match: RegExpExecArray, order: Order, timeZone: string): string | null {
  const { numbers, time, isYearFirst } = partsOf(match);
  const [a, b, c] = numbers;
  const [year, month, day] =
    isYearFirst || order === "year_first" ? [a, b, c] : order === "day_first" ? [c, b, a] : [c, a, b];
  const two = (number: number) => String(number).padStart(2, "0");
  const [hour = "0", minute = "00", second = "00", half] = time;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/iu.test(half) ? 12 : 0);
  const fullYear = year < 100 ? 2000 + year : year;
  return parseTimestamp(`${fullYear}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}`, timeZone);
}

async function chatForm(file: InputFile, options: FilesOptions, signal: AbortSignal): Promise<Form> {
  for await (const { bytes } of readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes)) {
    const form = formOf(bytes.toString());
    if (form !== null) return form;
  }
  return null;
}

/** Day or month first, as the whole chat shows it. Throws `SOURCE_BAD_ANSWER` when nothing in it does. */
async function orderOf(
  form: Form,
  file: InputFile,
  options: FilesOptions,
  signal: AbortSignal,
): Promise<Order> {
  for await (const { bytes } of readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes)) {
    const match = form?.exec(bytes.toString()) ?? null;
    if (match === null) continue;
    const { numbers, divider, isYearFirst } = partsOf(match);
    if (isYearFirst) return "year_first";
    // Nobody writes the month first with dots.
    if (divider === "." || numbers[0] > 12) return "day_first";
    if (numbers[1] > 12) return "month_first";
  }
  throw new ConnectorError(
    "SOURCE_BAD_ANSWER",
    `${file.location} does not show whether the day or the month comes first`,
    {
      subject: file.location,
      hint: "set the connector's source.date_order to day_first or month_first",
    },
  );
}

/** None for what the program says, and for what was taken back. */
function messageOf({ at, lines }: Begun): ChatMessage[] {
  const said = lines.join("\n").replaceAll(/[\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
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
  const isLeftOut =
    /^<[^<>\n]+>$/u.test(text) ||
    (byProgram && /(?:omitted|weggelassen|ausgelassen|omitid[oa]|omis|omess[oa]|weggelaten)$/iu.test(text));
  if (isLeftOut) return [{ at, speaker, text: "(media left out)" }];
  if (byProgram || text === "" || takenBack.test(text)) return [];
  const place = /https?:\/\/maps\.google\.com\/\S*[?&]q=([-\d.,]+)/u.exec(text)?.[1];
  return [{ at, speaker, text, location: place === undefined ? null : placeIn(place) }];
}

/** `<attached: NAME>` of an iPhone, `NAME (file attached)` of Android, in any language; a caption stands on the lines behind it. */
function fileIn(text: string): { name: string; caption: string } | null {
  const [first = "", ...caption] = text.split("\n");
  const name =
    /^<\p{L}[^:<>]*:\s*([^<>]+)>$/u.exec(first)?.[1] ??
    /^(\S.*\.[A-Za-z0-9]{2,5}) \([^()]+\)$/u.exec(first)?.[1];
  return name === undefined || /[/\\]/u.test(name) ? null : { name, caption: caption.join("\n").trim() };
}
