import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import picomatch from "picomatch";

/** By what a change of a file shows. The time of a status change cannot be set back by the programs that set back a file's time. */
export interface FileStamp {
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

export interface FoundFile extends FileStamp {
  /** Below the root, with `/`, in Unicode's form NFC. */
  path: string;
  /** The same as the file system spells it. */
  spelling: string;
  /** The earliest of its times: a copy may be younger than what it is a copy of, or its time be set back. */
  dateMs: number;
}

export interface Walk {
  /** Folders, the root among them, as the file system spells them. */
  folders: string[];
  /** In the order of their paths, of which each is another. */
  files: FoundFile[];
  /** Paths of folders and files that could not be looked at, and why. What they hold is not known. */
  unreadable: { path: string; reason: string }[];
  /** Paths, as far as they can be read, of folders and files whose names are no Unicode: nobody can open them by these. */
  nameless: string[];
}

export interface WalkChoice {
  isExcluded(path: string): boolean;
  isWanted(name: string): boolean;
}

const parallel = 32;

/**
 * Every wanted file below a folder. Symbolic links are not followed: what they lead to within the folder is found by itself. Throws what
 * reading the folder itself throws.
 */
export async function walkFolder(root: string, choice: WalkChoice, signal: AbortSignal): Promise<Walk> {
  const walk: Walk = { folders: [], files: [], unreadable: [], nameless: [] };
  const folders = [{ path: "", spelling: "" }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    walk.folders.push(folder.spelling);
    const entries = await entriesOf(root, folder, walk);
    const chosen = entries.map((entry) => ({ entry, ...placeOf(folder, entry.name) }));
    const kept = chosen.filter(({ path, entry }) => !isHidden(path, entry.name) && !choice.isExcluded(path));
    folders.push(...kept.filter(({ entry }) => entry.isDirectory()));
    const files = kept.filter(({ entry }) => entry.isFile() && choice.isWanted(entry.name));
    await pMap(files, (file) => look(root, file, walk), { concurrency: parallel });
  }
  return { ...walk, files: apart(walk.files) };
}

interface Place {
  path: string;
  spelling: string;
}

async function entriesOf(root: string, { path, spelling }: Place, walk: Walk): Promise<Dirent[]> {
  try {
    return await readdir(join(root, spelling), { withFileTypes: true });
  } catch (error) {
    if (path === "") throw error;
    noteFailure(walk, path, error);
    return [];
  }
}

async function look(root: string, { path, spelling }: Place, walk: Walk): Promise<void> {
  try {
    const { size, mtimeMs, ctimeMs, birthtimeMs } = await lstat(join(root, spelling));
    const dateMs = Math.min(mtimeMs, birthtimeMs || mtimeMs);
    walk.files.push({ path, spelling, size, mtimeMs, ctimeMs, dateMs });
  } catch (error) {
    noteFailure(walk, path, error);
  }
}

/** What has gone meanwhile is not there; of what was moved, another walk knows. */
function noteFailure(walk: Walk, path: string, error: unknown): void {
  const reason = reasonOf(error);
  if (reason !== "ENOENT" && reason !== "ENOTDIR") walk.unreadable.push({ path, reason });
  else if (path.includes("\ufffd")) walk.nameless.push(path);
}

/**
 * In the order of their paths. Two names that differ only in their form of Unicode are two files: the composed one has the path, the other one its own
 * spelling.
 */
function apart(files: FoundFile[]): FoundFile[] {
  const inOrder = files.sort(
    (one, other) =>
      compare(one.path, other.path) ||
      Number(one.path !== one.spelling) - Number(other.path !== other.spelling) ||
      compare(one.spelling, other.spelling),
  );
  return inOrder.map((file, at) =>
    file.path === inOrder[at - 1]?.path ? { ...file, path: file.spelling } : file,
  );
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function placeOf(folder: Place, name: string): Place {
  const spelling = folder.spelling === "" ? name : `${folder.spelling}/${name}`;
  const path = spelling.normalize("NFC");
  return { path, spelling: path === spelling ? path : spelling };
}

/** Whether a path is left out by one of these patterns. */
export function excluding(patterns: readonly string[]): (path: string) => boolean {
  return patterns.length === 0 ? () => false : picomatch([...patterns]);
}

/** What programs keep for themselves, bins, and the copies that sync programs make of a file with two changes. */
export function isHidden(path: string, name: string): boolean {
  return (
    name.startsWith(".") ||
    name === "node_modules" ||
    /(?:^|\/)logseq\/(?:bak|\.recycle)$/u.test(path) ||
    /sync-conflict|\(conflicted copy /u.test(name)
  );
}

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
