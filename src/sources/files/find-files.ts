import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import picomatch from "picomatch";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { reasonOf, walkFolder } from "../files-of-a-folder/walk-folder.ts";
import { fileOnDisk, type InputFile } from "./input-file.ts";

/** The files of these paths and patterns, each once, by their names. Throws `SOURCE_UNREACHABLE` and `SOURCE_FORBIDDEN`. */
export async function findFiles(
  paths: readonly string[],
  isWanted: (name: string) => boolean,
  signal: AbortSignal,
): Promise<InputFile[]> {
  const files = new Map<string, InputFile>();
  for (const path of paths)
    for (const file of await filesOf(path, isWanted, signal)) files.set(file.location, file);
  return [...files.values()].sort((one, other) => (one.location < other.location ? -1 : 1));
}

async function filesOf(
  path: string,
  isWanted: (name: string) => boolean,
  signal: AbortSignal,
): Promise<InputFile[]> {
  const stats = await statOf(path);
  if (stats?.isFile() === true) return [fileOnDisk(basename(path), path, stats)];
  if (stats?.isDirectory() === true)
    return nonEmpty(
      await filesBelow(path, isWanted, signal),
      `the folder ${path} holds no file of this kind`,
      path,
    );
  if (stats !== null) throw unreachable(path, `${path} is neither a file nor a folder`);
  // Also a pattern has `/` only, and a backslash quotes.
  const pattern = picomatch.scan(sep === "/" ? path : path.replaceAll(sep, "/"));
  if (!pattern.isGlob) throw unreachable(path, `there is no file ${path}`);
  const matches = picomatch(pattern.glob);
  return nonEmpty(await filesBelow(pattern.base, matches, signal), `no file matches ${path}`, path);
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
): Promise<InputFile[]> {
  const all = { isExcluded: () => false, isWanted: () => true };
  const walk = await walkFolder(folder, all, signal).catch((error: unknown) => {
    throw refusal(folder, reasonOf(error), error);
  });
  const [unreadable] = walk.unreadable;
  if (unreadable !== undefined) throw refusal(join(folder, unreadable.path), unreadable.reason);
  const found = [...walk.files.values()].filter(({ path }) => isWanted(path));
  const files: InputFile[] = [];
  for (const { spelling } of found) {
    const location = join(folder, spelling);
    const stats = await statOf(location);
    if (stats !== null)
      files.push(fileOnDisk(relative(folder, location).replaceAll(sep, "/"), location, stats));
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
