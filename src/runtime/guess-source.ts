import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import { findFiles } from "../sources/files/find-files.ts";
import { exportedNames, wantedFiles } from "../sources/files/formats.ts";
import { guessFormat } from "../sources/files/guess-format.ts";
import { fileOnDisk } from "../sources/files/input-file.ts";
import type { FileFormat } from "../sources/files/settings.ts";
import { isZip } from "../sources/files/zip-archive.ts";
import { extensionOf } from "../sources/files-of-a-folder/file-kinds.ts";
import { excluding, type FoundFile, walkFolder } from "../sources/files-of-a-folder/walk-folder.ts";

/** What a file or folder is taken for: settings of a source. */
export type GuessedSource =
  | { type: "folder" | "transcripts"; path: string }
  | { type: "files"; path: string; format: FileFormat };

const noteExtensions = ["md", "markdown", "txt"];
const listExtensions = ["jsonl", "ndjson", "json", "csv", "tsv"];
const captionExtensions = ["srt", "vtt"];

/**
 * Tells what a file or folder is, by the encoding that somebody names, or UTF-8 for null. Throws `USAGE` with what may help when it is not there, or
 * nothing that can be read.
 */
export async function guessSource(
  path: string,
  encoding: string | null,
  signal: AbortSignal,
): Promise<GuessedSource> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new ConnectorError("USAGE", `${path} cannot be read: it is not there, or you may not`, {
      subject: path,
      hint: "name a file or a folder that is there",
      cause,
    });
  });
  if (stats.isDirectory()) return guessFolder(path, encoding, signal);
  if (stats.size === 0) throw nothingIn(path, "it is empty");
  if (isZip(path)) return guessArchive(path, encoding, signal);
  const format = await formatOf(path, encoding, signal);
  if (format !== null) return { type: "files", path, format };
  const isNote = noteExtensions.includes(extensionOf(basename(path)));
  throw nothingIn(
    path,
    isNote
      ? "it is a single text; give the folder that it is in"
      : "it is no JSON, no table and no export that is known",
  );
}

/** What the first file in an archive is that is no picture and no page. */
async function guessArchive(
  path: string,
  encoding: string | null,
  signal: AbortSignal,
): Promise<GuessedSource> {
  const files = await findFiles([path], wantedFiles("auto"), signal).catch((cause: unknown) => {
    const { message } = toConnectorError(cause);
    throw new ConnectorError("USAGE", message, {
      subject: path,
      hint: "unpack it and give the folder",
      cause,
    });
  });
  for (const file of files) {
    const format = (await guessFormat(file, encoding, signal))?.format ?? null;
    if (format !== null) return { type: "files", path, format: isPreset(format) ? format : "auto" };
  }
  throw nothingIn(path, "it holds no list and no export that is known");
}

/** A list may stand beside others of another kind, an export not. */
const isPreset = (format: FileFormat): boolean => !["json", "jsonl", "csv"].includes(format);

/** Null for what is none of them. Throws `USAGE` for an archive. */
async function formatOf(
  path: string,
  encoding: string | null,
  signal: AbortSignal,
): Promise<FileFormat | null> {
  const file = fileOnDisk(basename(path), path, await stat(path));
  for await (const first of file.open(signal)) {
    if (first.subarray(0, 2).toString("latin1") === "PK")
      throw nothingIn(path, "it is an archive; unpack it and give the folder");
    break;
  }
  return (await guessFormat(file, encoding, signal))?.format ?? null;
}

/** An export by the names of its files, else recordings with their captions, lists, or notes. */
async function guessFolder(
  path: string,
  encoding: string | null,
  signal: AbortSignal,
): Promise<GuessedSource> {
  const names = await readdir(path);
  for (const [name] of exportedNames) {
    const [first, ...others] = names.filter((each) => name.test(each)).sort();
    if (first === undefined) continue;
    const guessed = await guessSource(join(path, first), encoding, signal);
    return others.length === 0 ? guessed : { ...guessed, path };
  }
  const { files } = await walkFolder(path, { isExcluded: excluding([]), isWanted: () => true }, signal);
  const all = [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  const of = (extensions: readonly string[]) =>
    all.filter((file) => extensions.includes(extensionOf(file.path)));
  const [notes, lists] = [of(noteExtensions), of(listExtensions)];
  const isOfRecordings = of(captionExtensions).length > 0 && of(["md", "markdown"]).length === 0;
  if (isOfRecordings) return { type: "transcripts", path };
  const [first] = lists;
  if (first !== undefined && lists.length >= notes.length)
    return guessLists(path, { first: first.spelling, count: lists.length, encoding }, signal);
  if (notes.length > 0)
    return (await areChats(path, notes, encoding, signal))
      ? { type: "files", path, format: "whatsapp" }
      : { type: "folder", path };
  throw nothingIn(path, "it holds no notes, no lists and no export that is known");
}

/** So many texts of a folder are looked at. */
const lookedTexts = 20;

/** Whether the texts of a folder are exported chats, each in a folder of its own or beside the others. */
async function areChats(
  path: string,
  texts: readonly FoundFile[],
  encoding: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  if (texts.some((file) => extensionOf(file.path) !== "txt")) return false;
  for (const { spelling } of texts.slice(0, lookedTexts))
    if ((await formatOf(join(path, spelling), encoding, signal)) !== "whatsapp") return false;
  return true;
}

/** What the first of the lists in a folder is, all of them are taken for. */
async function guessLists(
  path: string,
  { first, count, encoding }: { first: string; count: number; encoding: string | null },
  signal: AbortSignal,
): Promise<GuessedSource> {
  const location = join(path, first);
  const format = await formatOf(location, encoding, signal);
  if (format === "google_keep") return { type: "files", path, format };
  if (format === "day_one" && count === 1) return { type: "files", path: location, format };
  return { type: "files", path, format: "auto" };
}

function nothingIn(path: string, reason: string): ConnectorError {
  const hint = "run the command with --help: it says what can be read; --format names the format of a file";
  return new ConnectorError("USAGE", `${path} cannot be imported: ${reason}`, { subject: path, hint });
}
