import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copyPaths, maxCopies } from "../../state/backup-rotation.ts";
import { setAside } from "../../state/state-files.ts";
import { type Diagnosis, fine, warning } from "./diagnosis.ts";

/** Locations of files that contain or name memories. */
interface PrivatePlaces {
  statePath: string;
  /** Null when no log file is written. */
  logPath: string | null;
  /** Folders of direct mode. */
  indexFolders: readonly string[];
}

/** All files that only their owner should read: the state with its copies, logs with their older files, indexes. */
export async function privateFiles({ statePath, logPath, indexFolders }: PrivatePlaces): Promise<string[]> {
  const logs = logPath === null ? [] : await filesIn(dirname(logPath), { recursive: false });
  const indexes = await Promise.all(indexFolders.map((folder) => filesIn(folder, { recursive: true })));
  return [
    ...["", "-wal", "-shm"].map((suffix) => statePath + suffix),
    ...copyPaths(statePath, maxCopies),
    ...(await setAside(statePath).catch(() => [])),
    ...logs.filter((path) => path.startsWith(String(logPath))),
    ...indexes.flat(),
  ];
}

/** Empty for a folder that is missing or unreadable. */
async function filesIn(folder: string, { recursive }: { recursive: boolean }): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const area = "permissions";
const othersMayRead = 0o004;
const groupOrOthersMayWrite = 0o022;
const othersMayWrite = 0o002;
/** In a sticky folder, such as `/tmp`, users can remove only their own files. */
const sticky = 0o1000;

/**
 * Whether other users can read, change or replace these files. Missing files are skipped. Group members may read: containers get
 * secrets that way. On Windows, which has other permissions, it reports nothing.
 */
export async function checkPermissions(files: readonly string[]): Promise<Diagnosis[]> {
  if (process.platform === "win32") return [];
  const found = await Promise.all(files.map(modeOf));
  const there = files.flatMap((path, at) => (found[at] == null ? [] : [{ path, mode: found[at] }]));
  const folders = [...new Set(there.map(({ path }) => dirname(path)))];
  const folderModes = await Promise.all(folders.map(modeOf));
  const warnings = [
    ...there.flatMap(({ path, mode }) => fileWarning(path, mode)),
    ...folders.flatMap((path, at) => folderWarning(path, folderModes[at] ?? 0)),
  ];
  if (warnings.length > 0) return warnings;
  return [fine(area, `configuration and state (${there.length} files) are their owner's alone`)];
}

function fileWarning(path: string, mode: number): Diagnosis[] {
  const fix = `chmod 600 ${path}`;
  if ((mode & groupOrOthersMayWrite) !== 0)
    return [warning(area, `others than its owner may change ${path}`, fix)];
  return (mode & othersMayRead) === 0
    ? []
    : [warning(area, `everybody on this machine may read ${path}`, fix)];
}

function folderWarning(path: string, mode: number): Diagnosis[] {
  if ((mode & othersMayWrite) === 0 || (mode & sticky) !== 0) return [];
  return [warning(area, `everybody on this machine may replace files in ${path}`, `chmod o-w ${path}`)];
}

/** Null when it is missing or inaccessible. Links are followed. */
async function modeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mode }) => mode,
    () => null,
  );
}
