import { readJsonText } from "../../kernel/util/decode/json.ts";
import { extensionOf } from "../files-of-a-folder/file-kinds.ts";
import { firstListIn } from "./find-list.ts";
import { CutOff, type InputFile, utf8Of } from "./input-file.ts";
import { isWhatsAppLine } from "./presets/whatsapp.ts";
import { delimiters } from "./read-csv.ts";
import type { FileFormat } from "./settings.ts";

/** So much of a file is looked at. */
const headBytes = 256 * 1024;

/** What a file is, as far as its beginning tells. */
export interface Guess {
  format: Exclude<FileFormat, "auto">;
  /** Names that lead to the list of a JSON file; null for one that is a single item. */
  items: readonly string[] | null;
}

/** Null for a file that looks like nothing that can be read, or is empty. */
export async function guessFormat(
  file: InputFile,
  encoding: string | null,
  signal: AbortSignal,
): Promise<Guess | null> {
  return formatOf(await headOf(file, encoding, signal), file.name);
}

/** The beginning of a file in UTF-8. */
export async function headOf(file: InputFile, encoding: string | null, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of utf8Of(file, encoding, signal)) {
      parts.push(part);
      size += part.length;
      if (size >= headBytes) break;
    }
  } catch (error) {
    // Whoever reads the file is told of its end.
    if (!(error instanceof CutOff)) throw error;
  }
  return Buffer.concat(parts).subarray(0, headBytes);
}

function formatOf(head: Buffer, name: string): Guess | null {
  const text = head.toString().trimStart();
  if (text === "") return null;
  if (text.startsWith("[") && !isWhatsAppLine(lineOf(text)))
    return { format: assistantOf(text) ?? "json", items: [] };
  if (text.startsWith("{")) return jsonFormat(text);
  const first = lineOf(text);
  if (isWhatsAppLine(first)) return { format: "whatsapp", items: [] };
  if (first.startsWith("<")) return null;
  return isTable(text, first, name) ? { format: "csv", items: [] } : null;
}

/** Prose has commas, too: a text is a table where its second line is divided as the first one is. */
function isTable(text: string, first: string, name: string): boolean {
  const found = delimiters.filter((each) => first.includes(each));
  if (/^sep=./u.test(first)) return true;
  if (extensionOf(name) !== "txt") return found.length > 0;
  const second = lineOf(text.slice(first.length).trimStart());
  return found.some((each) => first.split(each).length === second.split(each).length);
}

const lineOf = (text: string) => text.split(/\r?\n/u, 1)[0] ?? "";

function assistantOf(text: string): "chatgpt" | "claude" | null {
  if (/"mapping"\s*:\s*\{/u.test(text) && /"(?:conversation_id|current_node|create_time)"/u.test(text))
    return "chatgpt";
  return /"chat_messages"\s*:\s*\[/u.test(text) ? "claude" : null;
}

/** What exports of one object have in them. */
const exports: readonly [
  FileFormat & ("google_keep" | "telegram" | "day_one" | "jrnl"),
  readonly RegExp[],
][] = [
  ["google_keep", [/"createdTimestampUsec"/u, /"(?:isTrashed|textContent|listContent)"/u]],
  [
    "telegram",
    [
      /"(?:messages|chats|personal_information)"\s*:/u,
      /"(?:date_unixtime|chats|saved_messages|personal_chat)"|"type"\s*:\s*"(?:private|public)_/u,
    ],
  ],
  ["day_one", [/"entries"\s*:\s*\[/u, /"creationDate"/u, /"uuid"/u]],
  ["jrnl", [/"entries"\s*:\s*\[/u, /"tags"\s*:\s*\{/u, /"starred"|"body"/u]],
];

/** Objects on lines of their own, one with a list, or the export of a program. */
function jsonFormat(text: string): Guess {
  const [first = "", ...others] = text.split(/\r?\n/u).filter((line) => line.trim() !== "");
  const list = firstListIn(text);
  const isLines = readJsonText(first).ok && (others.length > 0 || list === null);
  const known = exports.find(([, marks]) => marks.every((each) => each.test(text)));
  if (known !== undefined && (!isLines || known[0] === "google_keep")) return { format: known[0], items: [] };
  const isGraph = /^\s*\{"type":"(?:entity|relation)"/u.test(first.replaceAll(/\s*([:,{])\s*/gu, "$1"));
  if (isGraph) return { format: "mcp_memory", items: [] };
  if (list !== null && !isLines) return { format: "json", items: list };
  return { format: isLines || !/^\{\s*$/u.test(first) ? "jsonl" : "json", items: null };
}
