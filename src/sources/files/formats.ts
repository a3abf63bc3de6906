import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { extensionOf } from "../files-of-a-folder/file-kinds.ts";
import { guessFormat } from "./guess-format.ts";
import type { InputFile } from "./input-file.ts";
import { type FormatReader, readJsonFile, readJsonLines, readTable } from "./plain-readers.ts";
import type { FileFormat, FilesOptions } from "./settings.ts";

const plainExtensions = ["jsonl", "ndjson", "json", "csv", "tsv", "txt"];

/** Which files of a folder are meant. */
export function wantedFiles(_format: FileFormat): (name: string) => boolean {
  return (name) => plainExtensions.includes(extensionOf(name.replace(/\.gz$/iu, "")));
}

/** What reads a file. Throws `SOURCE_BAD_ANSWER` for one that looks like nothing that can be read. */
export async function readerOf(
  file: InputFile,
  options: FilesOptions,
  signal: AbortSignal,
): Promise<FormatReader> {
  if (options.format === "jsonl") return readJsonLines;
  if (options.format === "csv") return readTable;
  if (options.format === "json" && options.items !== null) return readJsonFile;
  const guess = await guessFormat(file, options.encoding, signal);
  if (file.size === 0) return readNothing;
  if (guess === null && options.delimiter !== null) return readTable;
  if (guess === null) throw unknownFormat(file);
  if (options.format === "auto" && guess.format === "jsonl") return readJsonLines;
  if (options.format === "auto" && guess.format === "csv") return readTable;
  const items = options.items ?? guess.items;
  return (input, given, stop) => readJsonFile(input, { ...given, items }, stop);
}

async function* readNothing(): ReturnType<FormatReader> {}

function unknownFormat({ location }: InputFile): ConnectorError {
  return new ConnectorError("SOURCE_BAD_ANSWER", `${location} is no JSON, no JSON Lines and no table`, {
    subject: location,
    hint: "set the connector's source.format, and source.encoding if the file is not in UTF-8",
  });
}
