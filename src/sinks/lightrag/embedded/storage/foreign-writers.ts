import { statSync } from "node:fs";
import { join } from "node:path";
import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import {
  describeHolder,
  isLocked,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../../../../kernel/util/process-lock.ts";
import { folderChanged } from "./folder-errors.ts";

/**
 * Detects, before we replace a file, that another program has written it since we last read or wrote it: a LightRAG server that
 * runs on the folder keeps everything in memory as well, and each would undo the other's work.
 */
export class FileMarks {
  readonly #marks = new Map<string, string>();

  /** Call before the file is read and after it is written. */
  note(path: string): void {
    this.#marks.set(path, markOf(path));
  }

  /** Throws `DIRECT_FOLDER_CHANGED`. */
  check(): void {
    for (const [path, mark] of this.#marks) {
      if (markOf(path) !== mark) throw folderChanged(path, "was written by another program meanwhile");
    }
  }
}

/** A replaced file has another inode; one that was written in place has another time. */
function markOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

const fileName = "memory_connector.lock";

/** Locks the folder against other processes of ours. Throws `DIRECT_FOLDER_LOCKED`. `now` in milliseconds since the epoch. */
export function takeFolderLock(folder: string, now: number): ProcessLock {
  const path = join(folder, fileName);
  const lock = tryProcessLock(path, "exclusive", now);
  if (lock !== null) return lock;
  throw folderLocked(folder);
}

/** The same without taking the lock. */
export function requireFreeFolder(folder: string): void {
  if (isLocked(join(folder, fileName), "shared")) throw folderLocked(folder);
}

function folderLocked(folder: string): ConnectorError {
  const holder = describeHolder(readLockHolder(join(folder, fileName)));
  return new ConnectorError("DIRECT_FOLDER_LOCKED", `${folder} is in use by ${holder}`, { subject: folder });
}
