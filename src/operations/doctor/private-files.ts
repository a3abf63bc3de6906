import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copyPaths, mostCopies } from "../../state/backup-rotation.ts";
import { setAside } from "../../state/state-files.ts";

/** Where things lie that hold memories or name them. */
export interface PrivatePlaces {
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
    ...copyPaths(statePath, mostCopies),
    ...(await setAside(statePath).catch(() => [])),
    ...logs.filter((path) => path.startsWith(String(logPath))),
    ...indexes.flat(),
  ];
}

/** None of a folder that is not there, or that this user may not list. */
async function filesIn(folder: string, { recursive }: { recursive: boolean }): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
