import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import picomatch from "picomatch";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { reasonOf, walkFolder } from "../files-of-a-folder/walk-folder.ts";
import { fileOnDisk, type InputFile } from "./input-file.ts";
import { filesInZip, isZip } from "./zip-archive.ts";

/** Which files are meant where only the place is named. */
export interface Wanted {
  inFolder(this: void, name: string): boolean;
  /** Of the names in an archive. */
  inArchive(names: readonly string[]): readonly string[];
}

/**
 * The files of these paths and patterns, each once, by their names; of a zip archive, those in it. Throws `SOURCE_UNREACHABLE`, `SOURCE_FORBIDDEN`,
 * and `SOURCE_BAD_ANSWER` for an archive that is not to be read.
 */
export async function findFiles(
  paths: readonly string[],
  wanted: Wanted,
  signal: AbortSignal,
): Promise<InputFile[]> {
  const files = new Map<string, InputFile>();
  for (const path of paths)
    for (const file of await filesOf(path, wanted, signal)) files.set(file.location, file);
  return [...files.values()].sort((one, other) => (one.location < other.location ? -1 : 1));
}

async function filesOf(path: string, wanted: Wanted, signal: AbortSignal): Promise<InputFile[]> {
  const stats = await statOf(path);
  if (stats?.isFile() === true) return withinArchive(fileOnDisk(basename(path), path, stats), stats, wanted);
  if (stats?.isDirectory() === true)
    return nonEmpty(
      (await filesBelow(path, wanted.inFolder, signal)).map(([file]) => file),
      `the folder ${path} holds no file of this kind`,
      path,
    );
  if (stats !== null) throw unreachable(path, `${path} is neither a file nor a folder`);
  // Also a pattern has `/` only, and a backslash quotes.
  const pattern = picomatch.scan(sep === "/" ? path : path.replaceAll(sep, "/"));
  if (!pattern.isGlob) throw unreachable(path, `there is no file ${path}`);
  const matches = picomatch(pattern.glob);
  const found = await filesBelow(pattern.base, matches, signal);
  const within = await Promise.all(found.map(([file, each]) => withinArchive(file, each, wanted)));
  return nonEmpty(within.flat(), `no file matches ${path}`, path);
}

/** A file itself, or those of an archive that are meant. */
async function withinArchive(file: InputFile, stats: Stats, wanted: Wanted): Promise<InputFile[]> {
  if (!isZip(file.name)) return [file];
  const files = await filesInZip(file.location, stats).catch((error: unknown) => {
    throw error instanceof ConnectorError ? error : refusal(file.location, reasonOf(error), error);
  });
  const names = new Set(wanted.inArchive(files.map(({ name }) => name)));
  const meant = files.filter(({ name }) => names.has(name));
  return nonEmpty(meant, `the archive ${file.location} holds no file of this kind`, file.location);
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === "ENOENT" || reason === "ENOTDIR") return null;
    throw refusal(path, reason, error);
  }
}

/** `isWanted` is asked for paths below the folder. */
async function filesBelow(
  folder: string,
  isWanted: (path: string) => boolean,
  signal: AbortSignal,
): Promise<[InputFile, Stats][]> {
  const all = { isExcluded: () => false, isWanted: () => true };
  const walk = await walkFolder(folder, all, signal).catch((error: unknown) => {
    throw refusal(folder, reasonOf(error), error);
  });
  const [unreadable] = walk.unreadable;
  if (unreadable !== undefined) throw refusal(join(folder, unreadable.path), unreadable.reason);
  const found = [...walk.files.values()].filter(({ path }) => isWanted(path));
  const files: [InputFile, Stats][] = [];
  for (const { spelling } of found) {
    const location = join(folder, spelling);
    const stats = await statOf(location);
    if (stats !== null)
      files.push([fileOnDisk(relative(folder, location).replaceAll(sep, "/"), location, stats), stats]);
  }
  return files;
}

function nonEmpty(files: InputFile[], problem: string, path: string): InputFile[] {
  if (files.length > 0) return files;
  throw unreachable(path, problem);
}

const hint =
  "check the connector's source.path; if the files are on a drive of its own, look whether that is there";

function unreachable(path: string, problem: string): ConnectorError {
  return new ConnectorError("SOURCE_UNREACHABLE", problem, { subject: path, hint });
}

function refusal(path: string, reason: string, cause?: unknown): ConnectorError {
  if (reason !== "EACCES" && reason !== "EPERM")
    return new ConnectorError("SOURCE_UNREACHABLE", `${path} cannot be read: ${reason}`, {
      subject: path,
      hint,
      cause,
    });
  const right = "give the user of this program the right to read it";
  const message = `${path} cannot be read: the user of this program may not`;
  return new ConnectorError("SOURCE_FORBIDDEN", message, { subject: path, hint: right, cause });
}
