import { basename, dirname, relative } from "node:path";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { extensionOf } from "../files-of-a-folder/file-kinds.ts";
import type { Wanted } from "./find-files.ts";
import { guessFormat } from "./guess-format.ts";
import type { InputFile } from "./input-file.ts";
import {
  type FormatReader,
  readJsonFile,
  readJsonLines,
  readSingleItem,
  readTable,
} from "./plain-readers.ts";
import { readClaude } from "./presets/assistants.ts";
import { readChatGpt } from "./presets/chatgpt.ts";
import { readGoogleKeep } from "./presets/google-keep.ts";
import { readDayOne, readJrnl } from "./presets/journals.ts";
import { readMcpMemory } from "./presets/mcp-memory.ts";
import { readTelegram } from "./presets/telegram.ts";
import { readWhatsApp } from "./presets/whatsapp.ts";
import type { FileFormat, FilesOptions } from "./settings.ts";

const plainExtensions = ["jsonl", "ndjson", "json", "csv", "tsv", "txt"];

/** Long ones are divided: `conversations-000.json`, `-001` and so on. */
const conversations = /^conversations[^/]*\.json$/u;

/** How programs call their exports, where files of one name have it all; others in their archives are about the account. */
export const exportedNames: readonly (readonly [name: RegExp, formats: readonly FileFormat[]])[] = [
  [conversations, ["chatgpt", "claude"]],
  [/^result\.json$/u, ["telegram"]],
  [/^memory\.jsonl$/u, ["mcp_memory"]],
  [/^_chat\.txt$/u, ["whatsapp"]],
];

const isConversations = ({ name }: InputFile) => conversations.test(basename(name));

/** Without what an export of an assistant has beside its conversations, there and below: files about the account, told by what is in them. */
export async function withoutCompanions(
  files: readonly InputFile[],
  { format, encoding }: Pick<FilesOptions, "format" | "encoding">,
  signal: AbortSignal,
): Promise<InputFile[]> {
  if (format !== "chatgpt" && format !== "claude") return [...files];
  const places = files.filter(isConversations).map(({ location }) => dirname(location));
  const kept: InputFile[] = [];
  for (const file of files) {
    const isBelow = (place: string) => !relative(place, file.location).startsWith("..");
    const isBeside = !isConversations(file) && places.some(isBelow);
    if (!isBeside || (await guessFormat(file, encoding, signal))?.format === format) kept.push(file);
  }
  return kept;
}

/** Which files of a folder or an archive are meant. */
export function wantedFiles(format: FileFormat): Wanted {
  const inFolder = wantedIn(format);
  const inArchive = (names: readonly string[]) => {
    for (const [name, formats] of exportedNames) {
      const found = names.filter((each) => name.test(each.split("/").at(-1) ?? ""));
      if (found.length > 0 && (format === "auto" || formats.includes(format))) return found;
    }
    const wanted = names.filter(inFolder);
    // Google exports much at once.
    const ofKeep = wanted.filter((name) => /(?:^|\/)Keep\/[^/]+$/u.test(name));
    return format === "google_keep" && ofKeep.length > 0 ? ofKeep : wanted;
  };
  return { inFolder, inArchive };
}

function wantedIn(format: FileFormat): (name: string) => boolean {
  if (format === "whatsapp") return (name) => extensionOf(name) === "txt";
  const isPreset = readers.has(format) && format !== "jsonl" && format !== "csv";
  if (isPreset && format !== "mcp_memory") return (name) => extensionOf(name) === "json";
  return (name) => plainExtensions.includes(extensionOf(name.replace(/\.gz$/iu, "")));
}

/** Formats that say themselves where everything stands. */
const readers = new Map<FileFormat, FormatReader>([
  ["jsonl", readJsonLines],
  ["csv", readTable],
  ["day_one", readDayOne],
  ["google_keep", readGoogleKeep],
  ["telegram", readTelegram],
  ["whatsapp", readWhatsApp],
  ["chatgpt", readChatGpt],
  ["claude", readClaude],
  ["jrnl", readJrnl],
  ["mcp_memory", readMcpMemory],
]);

/** What reads a file. Throws `SOURCE_BAD_ANSWER` for one that looks like nothing that can be read. */
export async function readerOf(
  file: InputFile,
  options: FilesOptions,
  signal: AbortSignal,
): Promise<FormatReader> {
  const named = readers.get(options.format);
  if (file.size === 0) return readNothing;
  if (named !== undefined) return named;
  if (options.format === "json" && options.items !== null) return readJsonFile;
  const guess = await guessFormat(file, options.encoding, signal);
  if (guess === null && options.delimiter !== null) return readTable;
  if (guess === null) throw unknownFormat(file);
  if (guess.format === "whatsapp" && options.format === "auto") throw isWhatsApp(file);
  const items = options.items ?? guess.items;
  const guessed = options.format === "json" ? undefined : readers.get(guess.format);
  if (guessed === undefined && items === null) return readSingleItem;
  return guessed ?? ((input, given, stop) => readJsonFile(input, { ...given, items }, stop));
}

function isWhatsApp({ location }: InputFile): ConnectorError {
  return new ConnectorError("SOURCE_BAD_ANSWER", `${location} is a chat of WhatsApp`, {
    subject: location,
    hint: "set the connector's source.format to whatsapp: absence in such a file means nothing",
  });
}

async function* readNothing(): ReturnType<FormatReader> {}

function unknownFormat({ location }: InputFile): ConnectorError {
  return new ConnectorError("SOURCE_BAD_ANSWER", `${location} is no JSON, no JSON Lines and no table`, {
    subject: location,
    hint: "set the connector's source.format, and source.encoding if the file is not in UTF-8",
  });
}
